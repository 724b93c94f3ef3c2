using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Shows which Klock this is.</summary>
internal static class VersionVerb
{
    public static Command Create()
    {
        var verb = new Command("version", "Show which Klock this is.") { CommonOptions.Json };
        verb.SetAction(result =>
        {
            Out.Line(result.GetValue(CommonOptions.Json)
                ? $"{{\"success\":true,\"data\":{{\"version\":\"{ProductVersion.Text}\"}}}}" : $"klock {ProductVersion.Text}");
            return ExitCode.Done;
        });
        return verb;
    }
}
