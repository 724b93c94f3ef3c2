using System.Text.Json;
using System.Text.RegularExpressions;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>Every error is in plain words: nothing of .NET, of JSON's fields, of internal parts.</summary>
public sealed partial class ErrorTextTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    // Every way to go wrong that can be provoked from outside, of klock and of klock-server.
    public static TheoryData<string> Lines => [.. File.ReadAllLines(Repo.At("tests", "Klock.Cli.Tests", "Verbs", "error-lines.txt"))];

    [Theory]
    [MemberData(nameof(Lines))]
    public void An_error_is_one_line_for_people_and_an_answer_for_programs(string line)
    {
        Ran ran = Shell(line);
        Assert.NotEqual(0, ran.Code);
        Assert.NotEqual(1, line.Contains("/dev/full", StringComparison.Ordinal) ? 0 : ran.Code);
        Assert.Matches("^klock(?: serve)?: [^\n]+\n$", ran.Error);
        // A manifest is JSON, and whoever writes one knows the names of its fields.
        Assert.DoesNotMatch(line.Contains("check", StringComparison.Ordinal) ? ErrorText.OfDotnet() : ErrorText.NotForPeople(), ran.Error);
        string verb = Verb().Match(line).Value;
        if (verb is "" or "klock serve" or "klock completion" || line.Contains("/dev/full", StringComparison.Ordinal))
        {
            return;
        }

        Ran json = Shell(line.Replace(verb, verb + " --json", StringComparison.Ordinal));
        Assert.Equal(ran.Code, json.Code);
        string[] answers = json.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(answers);
        JsonElement answer = JsonDocument.Parse(answers[^1]).RootElement;
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Matches("^[A-Z_]+$", answer.GetProperty("code").GetString());
        Assert.DoesNotMatch(ErrorText.OfDotnet(), answer.GetProperty("error").GetString());
    }

    [Fact]
    public void Refusals_hint_in_the_words_of_the_command_line()
    {
        _place.Klock("acquire", "--file", "a.ts", "--note", "say wait_ms and session_id").Well();
        string wait = _place.Klock("acquire", "--file", "a.ts", "--agent", "old", "--priority", "1").Failed(10);
        Assert.Contains("--wait 30s", wait, StringComparison.Ordinal);
        Assert.Contains("\"say wait_ms and session_id\"", wait, StringComparison.Ordinal);
        string late = _place.Klock("acquire", "--file", "a.ts", "--wait", "50ms").Failed(12);
        Assert.Contains("a longer --wait", late, StringComparison.Ordinal);
    }

    private Ran Shell(string line)
    {
        File.WriteAllText(_place.At("plain"), "no store, no program, no key");
        if (!Path.Exists(_place.At("loop")))
        {
            File.CreateSymbolicLink(_place.At("loop"), "loop");
            Directory.CreateDirectory(_place.At("locked"));
        }

        BreakStores(line);
        using Running shell = _place.StartOther("sh", "-c", line);
        return shell.End();
    }

    // A page of zeros in the midst, an end that is missing, a second name.
    private void BreakStores(string line)
    {
        if (!line.Contains(".db", StringComparison.Ordinal) || File.Exists(_place.At("linked.db")))
        {
            return;
        }

        foreach (string name in (string[])["damaged.db", "short.db", "linked.db"])
        {
            _place.Klock("acquire", "--file", "x", "--storage", "sqlite:" + name).Well();
        }

        using (FileStream damaged = File.OpenWrite(_place.At("damaged.db")))
        {
            damaged.Position = 100;
            damaged.Write(new byte[3_000]);
        }

        using (FileStream cut = File.OpenWrite(_place.At("short.db")))
        {
            cut.SetLength(5_000);
        }

        File.Delete(_place.At("damaged.db-wal"));
        File.Delete(_place.At("short.db-wal"));
        using Running link = _place.StartOther("ln", "linked.db", "other.db");
        link.End().Well();
    }

    [GeneratedRegex("klock [a-z]+", RegexOptions.None, 1_000)]
    private static partial Regex Verb();
}
