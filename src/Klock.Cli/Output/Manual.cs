using System.CommandLine;
using System.Text;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Output;

/// <summary>The manual page klock(1), in the format of man(7), made of the verbs' own descriptions.</summary>
internal static class Manual
{
    /// <summary>Makes the page in roff.</summary>
    /// <param name="root">The program, with all its verbs.</param>
    public static string Write(RootCommand root)
    {
        var page = new StringBuilder();
        page.Append($".TH KLOCK 1 \"\" \"klock {ProductVersion.Text}\" \"User Commands\"\n");
        page.Append(".SH NAME\nklock \\- leases that keep agents from overwriting each other's work\n");
        page.Append(".SH SYNOPSIS\n.B klock\n.I VERB\n[options]\n.br\n.B klock help\n.I VERB\n");
        page.Append(".SH DESCRIPTION\n").Append(Text(root.Description!)).Append('\n');
        page.Append(".SH VERBS\n");
        foreach (Command verb in root.Subcommands)
        {
            WriteVerb(page, verb);
        }

        page.Append(".SH EXIT STATUS\n.nf\n");
        foreach (string line in ExitCode.Help.Split('\n').Skip(1))
        {
            page.Append(Text(line)).Append('\n');
        }

        page.Append(".fi\n.SH ENVIRONMENT\n");
        foreach ((string name, string what) in Guide.Variables)
        {
            page.Append($".TP\n.B {Text(name)}\n{Text(what)}\n");
        }

        return page.Append(".SH SEE ALSO\n.BR git (1)\n").ToString();
    }

    private static void WriteVerb(StringBuilder page, Command verb)
    {
        string arguments = string.Concat(verb.Arguments.Select(argument => " " + ArgumentText(argument)));
        page.Append($".SS \"klock {Text(verb.Name)} [options]{Text(arguments)}\"\n{Text(verb.Description!)}\n");
        foreach (Argument argument in verb.Arguments)
        {
            page.Append($".TP\n.I {Text(argument.Name)}\n{Text(argument.Description!)}\n");
        }

        foreach (Option option in verb.Options.Where(option => !option.Hidden))
        {
            string value = option.HelpName is { } name ? $" \\fI{Text(name)}\\fR" : "";
            page.Append($".TP\n\\fB{Text(option.Name)}\\fR{value}\n{Text(option.Description!)}\n");
        }

        foreach ((string command, string what) in Guide.Examples[verb.Name])
        {
            page.Append($".PP\n{Text(char.ToUpperInvariant(what[0]) + what[1..])}:\n.PP\n.nf\n.RS\n{Text(command)}\n.RE\n.fi\n");
        }
    }

    private static string ArgumentText(Argument argument) =>
        argument.Name == "CMD" ? "-- CMD..." : argument.Arity.MaximumNumberOfValues > 1 ? $"[{argument.Name}...]" : argument.Name;

    // A backslash begins an escape, and so do a point and a quote at the start of a line; a hyphen is written as a minus, to be copied.
    private static string Text(string text)
    {
        string safe = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return safe.StartsWith('.') || safe.StartsWith('\'') ? "\\&" + safe : safe;
    }
}
