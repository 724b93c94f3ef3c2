using System.CommandLine;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Originals;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Shows what would happen to a manifest, and leaves nothing behind.</summary>
internal static class CheckVerb
{
    public const string Name = "check";

    public static Command Create()
    {
        var verb = new Command(Name, "Read a manifest on stdin and show what would happen to it: exit code 0, 10 (wait) or 11 (die).")
        {
            NamespaceOption.Namespace, WantedOptions.Raw,
        };
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        var manifest = Manifest.Read(ReadAll(), result.GetValue(WantedOptions.Raw));
        using ITransport transport = CommonOptions.OpenTransport(result, manifest.Resources, makesStore: false);
        Answer answer = transport.Ask(Operation.DeclareIntents, manifest.Request);
        Out.Write(answer.Utf8.Span);
        if (answer.Json.TryGetProperty("status", out JsonElement status))
        {
            return status.GetString() switch
            {
                "Granted" => ExitCode.Done,
                "Wait" => ExitCode.Of(RefusalReason.Wait),
                _ => ExitCode.Of(RefusalReason.Die),
            };
        }

        return Out.Verdict(answer, json: false, isTyped: false);
    }

    // One byte more than is allowed, so that the coordinator sees that it is too much.
    private static byte[] ReadAll()
    {
        using Stream stdin = Console.OpenStandardInput();
        byte[] buffer = new byte[Limits.RequestBytes + 1];
        try
        {
            return buffer[..stdin.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        }
        catch (IOException unreadable)
        {
            throw CliFailure.Usage($"the manifest on stdin cannot be read: {SystemTrouble.Of(unreadable)}.");
        }
    }
}
