using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Originals;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Storage.Sqlite.Import;

namespace Klock.Cli.Verbs;

/// <summary>Takes over what an original's database holds: priorities of agents, and leases that last still.</summary>
internal static class ImportVerb
{
    public const string Name = "import";

    private static readonly Argument<string> _file = new("FILE") { Description = "The original's database, as in klock.db" };

    public static Command Create()
    {
        var verb = new Command(Name, "Take over the leases and priorities in a klock.db of the original Klock. The file stays as it is.")
        {
            _file, NamespaceOption.Namespace,
        };
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        string file = result.GetValue(_file)!;
        var contents = Read(file);
        using ITransport transport = CommonOptions.OpenTransport(result, asked: []);
        var import = new Importing(transport);
        foreach (OriginalAgent agent in contents.Agents)
        {
            import.Register(agent);
        }

        foreach (OriginalLease lease in contents.Leases)
        {
            import.Take(lease);
        }

        string[] problems = [.. contents.Problems, .. import.Problems];
        if (result.GetValue(CommonOptions.Json))
        {
            WriteJson(import, contents.Ended, problems);
        }
        else
        {
            string before = import.There == 0 ? "" : $", {import.There} {(import.There == 1 ? "was" : "were")} there already";
            Out.Line(
                $"{Count(import.Agents, "agent")} and {Count(import.Leases.Count, "lease")} imported{before}, {contents.Ended} had ended.");
            Out.Table(Tables.Leases(import.Leases));
        }

        foreach (string problem in problems)
        {
            Out.Complain(problem, isTyped: false);
        }

        return import.ExitCode;
    }

    private static OriginalContents Read(string file)
    {
        OriginalContents contents;
        try
        {
            using var database = OriginalDatabase.Open(file);
            contents = OriginalContents.Read(database, TimeProvider.System);
        }
        catch (KlockException problem)
        {
            throw CliFailure.Of(problem.Code, problem.Message, problem);
        }

        return contents.Agents.Count + contents.Leases.Count + contents.Ended > 0 ? contents
            : throw CliFailure.Usage($"{file} has no leases and no priorities of agents that klock can read. "
                + string.Join(' ', contents.Problems));
    }

    private static void WriteJson(Importing import, int ended, string[] problems)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            json.WriteStartObject("data");
            json.WriteNumber("agents", import.Agents);
            json.WriteStartArray("leases");
            foreach (JsonElement lease in import.Leases)
            {
                lease.WriteTo(json);
            }

            json.WriteEndArray();
            json.WriteNumber("there", import.There);
            json.WriteNumber("ended", ended);
            json.WriteStartArray("problems");
            foreach (string problem in problems)
            {
                json.WriteStringValue(problem);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        Out.Write(buffer.ToArray());
    }

    private static string Count(int number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private sealed class Importing(ITransport transport)
    {
        private const string Note = "imported from the original Klock";

        private readonly List<string> _problems = [];

        public int Agents { get; private set; }

        public List<JsonElement> Leases { get; } = [];

        /// <summary>How many leases an earlier import has taken: to ask for them again would make them last longer.</summary>
        public int There { get; private set; }

        public IReadOnlyList<string> Problems => _problems;

        /// <summary>That of the first failure.</summary>
        public int ExitCode { get; private set; }

        public void Register(OriginalAgent agent)
        {
            Answer answer = transport.Ask(
                Operation.RegisterAgent, Request.Of(("agent_id", agent.Id), ("priority", agent.Priority)));
            if (Succeeds(answer, $"the agent {agent.Id}"))
            {
                Agents++;
            }
        }

        // Its id there names the request as well, for an import that was cut off and is asked for again at once.
        public void Take(OriginalLease lease)
        {
            if (IsThere(lease))
            {
                There++;
                return;
            }

            string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lease.Id)));
            Answer answer = transport.Ask(Operation.Acquire, Request.Of(
                ("agent_id", lease.Agent), ("session_id", lease.Session), ("resource_type", lease.Type.ToName()),
                ("resource_path", lease.Path), ("predicate", lease.Predicate.ToName()), ("ttl", Math.Min(lease.LeftMs, Limits.TtlMs)),
                ("note", Note), ("request_id", $"import-{name}")));
            if (Succeeds(answer, $"the lease of {lease.Agent} on {lease.Type.ToName()}:{lease.Path}"))
            {
                Leases.Add(answer.Data);
            }
        }

        private bool IsThere(OriginalLease lease)
        {
            Answer answer = transport.Ask(
                Operation.ListLeases, Request.Of(("agent_id", lease.Agent), ("session_id", lease.Session)));
            return answer.Outcome.IsSuccess && answer.Data.EnumerateArray().Any(held =>
                held.GetProperty("resource").GetString() == $"{lease.Type.ToName()}:{lease.Path}"
                && held.GetProperty("predicate").GetString() == lease.Predicate.ToName()
                && held.TryGetProperty("note", out JsonElement note) && note.GetString() == Note);
        }

        private bool Succeeds(Answer answer, string what)
        {
            if (answer.Outcome.IsSuccess)
            {
                return true;
            }

            _problems.Add($"{what} is not imported: {(answer.Outcome.Refusal is null ? answer.Sentence : InTheWay(answer))}");
            ExitCode = ExitCode == Failures.ExitCode.Done ? Failures.ExitCode.Of(answer.Outcome) : ExitCode;
            return false;
        }

        private static string InTheWay(Answer answer)
        {
            JsonElement first = answer.Json.GetProperty("conflicts")[0];
            return $"it conflicts with what {first.GetProperty("agent_id").GetString()} has, {first.GetProperty("resource").GetString()}.";
        }
    }
}
