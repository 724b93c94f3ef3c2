using System.CommandLine;
using Klock.Agents.Calling;
using Klock.Cli.Failures;
using Klock.Coordinator.Ids;

namespace Klock.Cli.Options;

/// <summary>Who asks.</summary>
internal static class IdentityOptions
{
    public const string AgentVariable = ShellIdentity.Variable;
    public const string SessionVariable = "KLOCK_SESSION_ID";

    public static readonly Option<string?> Agent = new("--agent")
    {
        Description = $"Which agent [env: {AgentVariable}] [default of acquire and run: the coding agent whose shell this is, else random]",
        HelpName = "ID",
    };

    public static readonly Option<string?> Session = new("--session")
    {
        Description = $"Which session of it [env: {SessionVariable}] [default of acquire and run: the coding agent's, else random]",
        HelpName = "ID",
    };

    private const int RandomDigits = 16;

    /// <summary>The agent that was named; null when none was.</summary>
    public static string? AgentIfSaid(ParseResult result) => Given(result, Agent, AgentVariable);

    /// <summary>The session that was named; null when none was.</summary>
    public static string? SessionIfSaid(ParseResult result) => Given(result, Session, SessionVariable);

    public static string AgentOf(ParseResult result) => AgentIfSaid(result) ?? OfShell() ?? Random("agent");

    public static string SessionOf(ParseResult result) => Given(result, Session, SessionVariable) ?? OfShell() ?? Random("session");

    /// <summary>The agent that the environment names, in whatever way; null for none, which is a person's.</summary>
    public static string? OfEnvironment() => OfVariable(AgentVariable) ?? OfShell();

    /// <summary>A name that nobody else has.</summary>
    public static string Random(string kind) => $"{kind}-{KernelRandom.Shared.Next().ToString()[..RandomDigits]}";

    /// <summary>The agent and the session that were named: for what makes no sense with random ones.</summary>
    /// <exception cref="CliFailure">One was not.</exception>
    public static (string Agent, string Session) Named(ParseResult result)
    {
        string? agent = AgentIfSaid(result), session = Given(result, Session, SessionVariable);
        return agent is not null && session is not null ? (agent, session)
            : throw CliFailure.Usage(
                "--all means all leases of a session, and none was named: say --agent and --session, "
                + $"or set {AgentVariable} and {SessionVariable}.");
    }

    // An agent's hooks hold its leases in a session of the same name: so it never waits for itself.
    private static string? OfShell() => ShellIdentity.Find(Environment.GetEnvironmentVariable);

    private static string? Given(ParseResult result, Option<string?> option, string variable) =>
        result.GetValue(option) is { Length: > 0 } said ? said : OfVariable(variable);

    // What a plugin of Klock has set in a client's shell, a client that was started there has as well, and is another agent.
    private static string? OfVariable(string variable) => Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } said ? null
        : ShellIdentity.IsOfClient(said) ? OfShell() ?? said : said;
}
