using System.Text;
using Klock.Cli.Failures;
using Klock.Cli.Transports;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Output;

/// <summary>Where results go: tables on a terminal, plain text in a pipe, JSON when asked.</summary>
internal static class Out
{
    /// <summary>Whether stdout is a terminal.</summary>
    public static bool IsTerminal { get; } = Descriptor.IsTerminal(Descriptor.Stdout);

    /// <summary>Whether stderr is a terminal.</summary>
    public static bool IsErrorTerminal { get; } = Descriptor.IsTerminal(Descriptor.Stderr);

    public static void Line(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a line: the text and a line feed, in one go.</summary>
    public static void Write(ReadOnlySpan<byte> utf8)
    {
        byte[] line = new byte[utf8.Length + 1];
        utf8.CopyTo(line);
        line[^1] = (byte)'\n';
        Descriptor.Write(Descriptor.Stdout, line);
    }

    /// <summary>One line on stderr for a person. If stderr cannot be written, nothing happens.</summary>
    /// <param name="sentence">The line.</param>
    /// <param name="isTyped">Whether it is about a command line, and not about JSON from elsewhere.</param>
    public static void Complain(string sentence, bool isTyped = true)
    {
        try
        {
            Descriptor.WriteLine(Descriptor.Stderr, $"klock: {Safe.Line(isTyped ? Words.Of(sentence) : sentence)}");
        }
        catch (CliFailure)
        {
            // The exit code still says it.
        }
    }

    /// <summary>Some lines on stderr. If it cannot be written, nothing happens.</summary>
    public static void Say(string lines)
    {
        try
        {
            Descriptor.WriteLine(Descriptor.Stderr, lines);
        }
        catch (CliFailure)
        {
            // The exit code still says it.
        }
    }

    /// <summary>One line about a server that is not there now, for a person whose command waits for it.</summary>
    public static void ComplainOf(Unreachable problem) => Complain($"{problem.Message} Waiting for it to be there again.");

    /// <summary>A list as a table that fits the terminal, or as lines whose columns are separated by tabs.</summary>
    public static void Table(Table table)
    {
        foreach (string line in IsTerminal ? TerminalTables.Render(table, Screen.Columns) : table.Lines())
        {
            Line(line);
        }
    }

    /// <summary>Several lists: under titles on a terminal, else in lines that start with what they are.</summary>
    public static void Tables(IEnumerable<Table> tables)
    {
        foreach (Table table in tables.Where(table => table.Rows.Count > 0))
        {
            foreach (string line in IsTerminal ? TerminalTables.RenderTitled(table, Screen.Columns) : table.TitledLines())
            {
                Line(line);
            }
        }
    }

    /// <summary>Reports a failure, in JSON if that was asked for, and returns the exit code.</summary>
    public static int Failure(CliFailure failure, bool json, bool isTyped = true)
    {
        Complain(failure.Message, isTyped);
        if (json)
        {
            var reply = new Reply();
            Answers.WriteError(reply, failure.Code, failure.Message);
            Write(reply.Utf8);
        }

        return failure.ExitCode;
    }

    /// <summary>Reports an answer that is no success, and returns the exit code.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="json">Whether it is written as it came.</param>
    /// <param name="about">What it was about, if there are several; null to leave that out.</param>
    /// <param name="isTyped">Whether the request was typed.</param>
    public static int Verdict(Answer answer, bool json, string? about = null, bool isTyped = true)
    {
        if (json)
        {
            Write(answer.Utf8.Span);
        }

        if (!answer.Outcome.IsSuccess)
        {
            string sentence = answer.Outcome.Refusal is { } reason ? $"{reason.ToName()}: {answer.Sentence}" : answer.Sentence;
            Complain(about is null ? sentence : $"{about}: {sentence}", isTyped);
        }

        return ExitCode.Of(answer.Outcome);
    }
}
