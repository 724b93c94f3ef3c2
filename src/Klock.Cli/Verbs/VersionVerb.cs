using System.CommandLine;
using Klock.Cli.Output;
using Klock.Coordinator;

namespace Klock.Cli.Verbs;

/// <summary>Tells which Klock this is.</summary>
internal static class VersionVerb
{
    public static Command Create()
    {
        var verb = new Command("version", "Tell which Klock this is.");
        verb.SetAction(_ =>
        {
            Out.Line($"klock {ProductVersion.Text}");
            return ExitCode.Done;
        });
        return verb;
    }
}
