using System.CommandLine;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>A verb that does one thing to leases: to those that are named, or to all of one's own.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Done">The word for a lease to which it was done.</param>
/// <param name="One">The operation on one lease.</param>
/// <param name="All">The operation on all leases of a session; null for an operator's verb, which is about anybody's.</param>
/// <param name="Ttl">The option for another ttl; null where there is none.</param>
internal sealed record LeaseIdsVerb(string Name, string Summary, string Done, Operation One, Operation? All, DurationOption? Ttl = null)
{
    private static readonly Argument<string[]> _words = new("LEASE")
    {
        Description = "A lease's id or its beginning, as acquire and leases show it; or a file, a folder or TYPE:PATH that it is on",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Flag _all = new("--all", "All leases of the session that --agent and --session name");

    public Command Create()
    {
        var verb = new Command(Name, Summary) { _words };
        if (All is not null)
        {
            verb.Add(_all);
            verb.Add(IdentityOptions.Agent);
            verb.Add(IdentityOptions.Session);
        }

        if (Ttl is not null)
        {
            verb.Add(Ttl);
        }

        verb.Add(NamespaceOption.Namespace);
        verb.Add(WantedOptions.Raw);
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private int Run(ParseResult result)
    {
        string[] words = result.GetValue(_words) ?? [];
        bool isAll = All is not null && result.GetValue(_all), json = result.GetValue(CommonOptions.Json);
        bool asks = Question.CanBeAsked && !json;
        if (isAll ? words.Length > 0 : words.Length == 0 && All is null)
        {
            throw CliFailure.Usage(All is null ? "no lease is named: say its id, or what it is on."
                : "--all means all leases of your session: say it, or which leases you mean, and not both.");
        }

        if (isAll)
        {
            (string agent, string session) = IdentityOptions.Named(result);
            using ITransport transport = CommonOptions.OpenTransport(result, asked: []);
            return OnSession(transport, agent, session, TtlMs(result), json);
        }

        return words.Length == 0 ? OnMine(result, json, asks) : OnWords(result, words, json, asks);
    }

    // All are tried, whatever became of those before; the exit code is that of the first failure.
    private int OnWords(ParseResult result, string[] words, bool json, bool asks)
    {
        bool raw = result.GetValue(WantedOptions.Raw);
        string[] names = [.. words.Where(word => !ShortId.MayBe(word))];
        string? agent = All is null ? null : IdentityOptions.AgentIfSaid(result);
        string? session = All is null ? null : IdentityOptions.SessionIfSaid(result);
        if (All is not null && agent is null && names.Length > 0 && !asks)
        {
            throw Unknown($"whose lease on {names[0]} is meant is not known");
        }

        using ITransport transport = CommonOptions.OpenTransport(result, names.Select(word => ResourceText.Shown(word, raw)));
        var choice = new Choice(transport, agent, session);
        int worst = ExitCode.Done;
        foreach (string word in words)
        {
            int code = OnWord(transport, choice, word, raw, TtlMs(result), json, isAsked: asks && agent is null && !ShortId.MayBe(word));
            worst = worst == ExitCode.Done ? code : worst;
        }

        return worst;
    }

    private int OnWord(ITransport transport, Choice choice, string word, bool raw, long? ttlMs, bool json, bool isAsked)
    {
        try
        {
            IReadOnlyList<string> ids = choice.Of(word, raw);
            int worst = ExitCode.Done;
            foreach (string id in ids)
            {
                bool isMeant = !isAsked || (All is null && ids.Count == 1) || Question.IsAffirmed($"{choice.Describe(id)}: {Name} it?");
                int code = isMeant ? OnOne(transport, id, ttlMs, json, word) : ExitCode.Done;
                worst = worst == ExitCode.Done ? code : worst;
            }

            return worst;
        }
        catch (CliFailure none) when (none.Code == ErrorCode.UnknownLease)
        {
            return Out.Failure(none, json);
        }
    }

    private int OnOne(ITransport transport, string id, long? ttlMs, bool json, string word)
    {
        Answer answer = transport.Ask(One, Request.OnLease(id, ttlMs));
        if (answer.Outcome.IsSuccess && !json)
        {
            Out.Line($"{Done}\t{id}");
        }

        return Out.Verdict(answer, json, about: word);
    }

    // A slip of the keyboard must cost nobody else's work: only leases of a caller who has named agent and session.
    private int OnMine(ParseResult result, bool json, bool asks)
    {
        string? session = IdentityOptions.SessionIfSaid(result);
        string agent = IdentityOptions.AgentIfSaid(result) ?? throw Unknown($"whose leases to {Name} is not known");
        using ITransport transport = CommonOptions.OpenTransport(result, asked: []);
        IReadOnlyList<JsonElement> mine = new Choice(transport, agent, session).Mine();
        string who = session is null ? agent : $"{agent}, session {session}";
        if (mine.Count > 1 && asks && One == Operation.Release)
        {
            Out.Table(Tables.Leases(mine));
            if (!Question.IsAffirmed($"{Name} all {mine.Count} of {who}?"))
            {
                return ExitCode.Done;
            }
        }

        return session is not null
            ? OnSession(transport, agent, session, TtlMs(result), json) : OnEach(transport, mine, TtlMs(result), json);
    }

    private long? TtlMs(ParseResult result) => Ttl?.MsIfSaid(result);

    // For what no request does to a session at once: leases of several sessions, or another ttl.
    private int OnEach(ITransport transport, IReadOnlyList<JsonElement> leases, long? ttlMs, bool json)
    {
        int done = 0, worst = ExitCode.Done;
        foreach (JsonElement lease in leases)
        {
            Answer answer = transport.Ask(One, Request.OnLease(lease.GetProperty("id").GetString()!, ttlMs));
            done += answer.Outcome.IsSuccess ? 1 : 0;
            // A lease that ended meanwhile needs nothing more.
            bool hadEnded = answer.Outcome.Error is ErrorCode.UnknownLease or ErrorCode.Expired;
            int code = hadEnded ? ExitCode.Done : Out.Verdict(answer, json: false);
            worst = worst == ExitCode.Done ? code : worst;
        }

        Out.Line(json ? $"{{\"success\":true,\"data\":{{\"{Done}\":{done}}}}}" : $"{Done}\t{done}");
        return worst;
    }

    private static CliFailure Unknown(string problem) => CliFailure.Usage(
        $"{problem}: say --agent and --session, or set {IdentityOptions.AgentVariable} and {IdentityOptions.SessionVariable}, "
        + "or say the lease's id.");

    private int OnSession(ITransport transport, string agent, string session, long? ttlMs, bool json)
    {
        if (ttlMs is not null)
        {
            return OnEach(transport, new Choice(transport, agent, session).Mine(), ttlMs, json);
        }

        Answer answer = transport.Ask(All!.Value, Request.Of(("agent_id", agent), ("session_id", session)));
        if (answer.Outcome.IsSuccess && !json)
        {
            Out.Line($"{Done}\t{answer.Data.GetProperty(Done)}");
        }

        return Out.Verdict(answer, json);
    }
}
