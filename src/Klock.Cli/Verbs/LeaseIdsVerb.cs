using System.CommandLine;
using Klock.Cli.Doors;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Coordinator;

namespace Klock.Cli.Verbs;

/// <summary>A verb that does one thing to each lease that is named, or to all of a session.</summary>
internal static class LeaseIdsVerb
{
    private static readonly Argument<string[]> _ids = new("LEASE")
    {
        Description = "Ids of leases, as acquire and leases print them", Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Flag _all = new("--all", "All leases of the session that --agent and --session name");

    /// <param name="name">What is typed.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="done">What it has done to a lease, in a word.</param>
    /// <param name="one">Does it to one lease.</param>
    /// <param name="all">Does it to all leases of a session; null when that cannot be asked for.</param>
    public static Command Create(string name, string summary, string done, Operation one, Operation? all)
    {
        var verb = new Command(name, summary) { _ids };
        if (all is not null)
        {
            verb.Add(_all);
            verb.Add(IdentityOptions.Agent);
            verb.Add(IdentityOptions.Session);
        }

        CommonOptions.AddTo(verb);
        verb.SetAction(result => Run(result, done, one, all));
        return verb;
    }

    private static int Run(ParseResult result, string done, Operation one, Operation? all)
    {
        string[] ids = result.GetValue(_ids) ?? [];
        bool isAll = all is not null && result.GetValue(_all);
        if (isAll == (ids.Length > 0))
        {
            throw CliFailure.Usage(all is null ? "no lease is named: say at least one id." : "say the ids of leases, or --all; not both.");
        }

        bool json = result.GetValue(CommonOptions.Json);
        (string agent, string session) = isAll ? IdentityOptions.Named(result) : ("", "");
        using IDoor door = CommonOptions.OpenDoor(result, asked: []);
        return isAll ? OnSession(door, agent, session, done, all!.Value, json) : OnEach(door, ids, done, one, json);
    }

    // Each is tried, whatever became of those before it; the first failure is what the exit code tells.
    private static int OnEach(IDoor door, string[] ids, string done, Operation operation, bool json)
    {
        int worst = ExitCode.Done;
        foreach (string id in ids)
        {
            Answer answer = door.Ask(operation, Request.OnLease(id));
            if (answer.IsSuccess && !json)
            {
                Out.Line($"{done}\t{Safe.Line(id)}");
            }

            int code = Out.Verdict(answer, json);
            worst = worst == ExitCode.Done ? code : worst;
        }

        return worst;
    }

    private static int OnSession(IDoor door, string agent, string session, string done, Operation operation, bool json)
    {
        Answer answer = door.Ask(operation, Request.Of(("agent_id", agent), ("session_id", session)));
        if (answer.IsSuccess && !json)
        {
            Out.Line($"{done}\t{answer.Data.GetProperty(done)}");
        }

        return Out.Verdict(answer, json);
    }
}
