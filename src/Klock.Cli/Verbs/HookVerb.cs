using System.CommandLine;
using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Cli.Failures;
using Klock.Cli.Hooks;
using Klock.Cli.Output;

namespace Klock.Cli.Verbs;

/// <summary>What coding agents call before and after each tool.</summary>
internal static class HookVerb
{
    private static readonly Argument<string> _client = new("client")
    {
        Description = $"Which client calls: {string.Join(", ", ClientTable.All.Select(client => client.Name))}; or git",
        HelpName = "CLIENT",
    };

    private static readonly Argument<string> _event = new("event")
    {
        Description = "Which event, as the client calls it; its JSON is on stdin. Of git: which hook", HelpName = "EVENT",
    };

    // By this one code a client is asked to wake its agent with what is on stderr.
    private const int Wake = 2;

    public static Command Create()
    {
        var verb = new Command("hook", "Decide about an event of a coding agent. Its hooks call this; `klock install` sets them up.")
        {
            _client, _event,
        };
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        string named = result.GetValue(_client)!;
        if (named == GitHookRun.Name)
        {
            return GitHookRun.Run(result.GetValue(_event)!);
        }

        if (ClientTable.Calling(named, Environment.GetEnvironmentVariable) is not { } client)
        {
            throw CliFailure.Usage(
                $"there is no client '{named}': it must be one of {string.Join(", ", ClientTable.All.Select(known => known.Name))}.");
        }

        using Stream input = Console.OpenStandardInput();
        HookReply reply = new HookRun(client, result.GetValue(_event)!).Reply(input);
        if (reply.Output.Length > 0)
        {
            Out.Line(reply.Output);
        }

        if (reply.Wake is { } wake)
        {
            Descriptor.WriteLine(Descriptor.Stderr, wake);
            return Wake;
        }

        // The answer is in the text: of an exit code each client makes something else.
        return ExitCode.Done;
    }
}
