using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Output;

namespace Klock.Cli.Verbs;

/// <summary>Prints the manual page.</summary>
internal static class ManVerb
{
    public const string Name = "man";

    /// <param name="whole">Makes the command line with all its verbs, which the page is about.</param>
    public static Command Create(Func<RootCommand> whole)
    {
        var verb = new Command(Name, "Print the manual page, klock(1).");
        verb.SetAction(_ =>
        {
            Descriptor.Write(Descriptor.Stdout, System.Text.Encoding.UTF8.GetBytes(Manual.Write(whole())));
            return ExitCode.Done;
        });
        return verb;
    }
}
