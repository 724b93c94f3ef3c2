using System.Text;

namespace Klock.Cli.Output;

/// <summary>Where results go: tables on a terminal, plain text in a pipe, JSON when asked.</summary>
internal static class Out
{
    /// <summary>Whether a person reads this.</summary>
    public static bool IsTerminal { get; } = Descriptor.IsTerminal(Descriptor.Stdout);

    public static void Line(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a line: the text and a line feed, in one go.</summary>
    public static void Write(ReadOnlySpan<byte> utf8)
    {
        byte[] line = new byte[utf8.Length + 1];
        utf8.CopyTo(line);
        line[^1] = (byte)'\n';
        Descriptor.Write(Descriptor.Stdout, line);
    }

    /// <summary>One line for a person that is no result. Where nobody can be told, nobody is.</summary>
    public static void Complain(string sentence)
    {
        try
        {
            Descriptor.WriteLine(Descriptor.Stderr, $"klock: {Safe.Line(sentence)}");
        }
        catch (CliFailure)
        {
            // The exit code still tells.
        }
    }

    /// <summary>Rows as a table, or as lines whose columns are separated by tabs.</summary>
    public static void Table(Table table)
    {
        if (IsTerminal)
        {
            TerminalTables.Write(table);
            return;
        }

        foreach (string[] row in table.Rows)
        {
            Line(string.Join('\t', row.Select(Safe.Line)));
        }
    }

    /// <summary>Says how a request went, unless it went well, and returns the exit code.</summary>
    public static int Verdict(Answer answer, bool json)
    {
        if (json)
        {
            Write(answer.Utf8.Span);
        }

        if (!answer.IsSuccess)
        {
            Complain(answer.Reason is { } reason ? $"{reason}: {answer.Sentence}" : answer.Sentence);
        }

        return ExitCode.Of(answer);
    }
}
