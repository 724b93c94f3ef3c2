using System.CommandLine;
using Klock.Cli.Output;

namespace Klock.Cli.Verbs;

/// <summary>Prints the manual page.</summary>
internal static class ManVerb
{
    public const string Name = "man";

    public static Command Create()
    {
        var verb = new Command(Name, "Print the manual page, klock(1).");
        verb.SetAction(_ =>
        {
            Descriptor.Write(Descriptor.Stdout, System.Text.Encoding.UTF8.GetBytes(Manual.Write(CommandLine.Whole())));
            return ExitCode.Done;
        });
        return verb;
    }
}
