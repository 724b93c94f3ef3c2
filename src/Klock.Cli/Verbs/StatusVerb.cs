using System.CommandLine;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>The state on one screen: where it is, who holds what, who waits.</summary>
internal static class StatusVerb
{
    // The lines of a screen beside the rows: the first three and an empty one; title, head and end of both lists, and an empty line between
    // them; the prompt that comes after.
    private const int OtherLines = 12;

    public static Command Create()
    {
        var verb = new Command("status", "Show on one screen where the state is, who holds what and who waits.")
        {
            IdentityOptions.Agent, IdentityOptions.Session,
        };
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        Address address = CommonOptions.AddressOf(result, asked: []);
        using ITransport transport = CommonOptions.OpenTransport(result, asked: []);
        var now = Snapshot.Take(transport, resource: null, last: 0);
        JsonElement place = WhereVerb.ToJson(address);
        if (result.GetValue(CommonOptions.Json))
        {
            Out.Write(now.ToJson(json =>
            {
                json.WritePropertyName("where");
                place.WriteTo(json);
            }));
        }
        else if (Out.IsTerminal)
        {
            Show(now, address, IdentityOptions.AgentIfSaid(result), IdentityOptions.SessionIfSaid(result));
        }
        else
        {
            Out.Tables([Tables.Where(place), Tables.Leases(now.Leases), Tables.Waiters(now.Waiters)]);
        }

        return ExitCode.Done;
    }

    private static void Show(Snapshot now, Address address, string? agent, string? session)
    {
        int width = Screen.Columns;
        Out.Line(TerminalTables.Line(new Cell($"klock {ProductVersion.Text}  {address.Text}", Tone.Head), width));
        Out.Line(TerminalTables.Line(new Cell(address.Why, Tone.Quiet), width));
        if (agent is not null)
        {
            int mine = now.Leases.Count(lease => IsOf(lease, agent, session));
            string who = session is null ? agent : $"{agent}, session {session}";
            Out.Line(TerminalTables.Line(new Cell($"You are {who}, and hold {mine} of these leases.", Tone.Quiet), width));
        }

        Out.Line("");
        if (now.Leases.Count + now.Waiters.Count == 0)
        {
            Out.Line("Nobody holds anything, and nobody waits.");
            return;
        }

        // The list of waiters is shown whole where it fits: it shows what is wrong.
        int rows = Math.Max(4, Screen.Rows - OtherLines);
        int waiters = Math.Min(now.Waiters.Count, Math.Max(rows / 2, rows - now.Leases.Count));
        ShowFirst(Tables.Leases(now.Leases), rows - waiters, "klock leases");
        if (now.Waiters.Count > 0)
        {
            Out.Line("");
            ShowFirst(Tables.Waiters(now.Waiters), waiters, "klock watch");
        }
    }

    private static void ShowFirst(Table table, int most, string allOfThem)
    {
        Table shown = table with { Title = $"{table.Title} ({table.Rows.Count})", Rows = [.. table.Rows.Take(most)] };
        foreach (string line in TerminalTables.RenderTitled(shown, Screen.Columns))
        {
            Out.Line(line);
        }

        if (table.Rows.Count > most)
        {
            Out.Line($"and {table.Rows.Count - most} more: {allOfThem}");
        }
    }

    private static bool IsOf(JsonElement lease, string agent, string? session) =>
        lease.GetProperty("agent_id").GetString() == agent && (session is null || lease.GetProperty("session_id").GetString() == session);
}
