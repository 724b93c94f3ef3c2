using Klock.Agents.Calling;
using Klock.Agents.Clients;

namespace Klock.Agents.Tests.Clients;

/// <summary>What real clients send is read as it is meant. The expectations are in expected.txt, a line a sample.</summary>
public sealed class SampleTests
{
    private const string File = "expected.txt";

    [Fact]
    public void EverySampleIsReadAsExpected()
    {
        Dictionary<string, string> expected = Expected();
        Dictionary<string, string> found = Sample.All.ToDictionary(
            Name, sample => HasSession(sample) ? Sample.Describe(sample.Read()) : "no session", StringComparer.Ordinal);

        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, string text) in found)
        {
            Assert.Equal($"{name} | {expected[name]}", $"{name} | {text}");
        }
    }

    [Fact]
    public void NoSampleIsTrouble() =>
        Assert.DoesNotContain(Sample.All.Where(HasSession), sample => sample.Read() is { Tool.Trouble: not null });

    // What next month's client adds is not looked at.
    [Fact]
    public void MoreFieldsChangeNothing()
    {
        foreach (Sample sample in Sample.All.Where(HasSession))
        {
            string more = sample.Text.TrimEnd()[..^1] + """, "next_month": {"file_path": 7, "deep": [[[{}]]]}, "tool": [1, null]}""";
            IClient client = ClientTable.Find(sample.Client)!;
            Assert.Equal(
                Sample.Describe(Sample.Read(client, sample.Event, sample.Text)), Sample.Describe(Sample.Read(client, sample.Event, more)));
        }
    }

    [Fact]
    public void ABeforeToolEventCanBeBlockedAndNoOther()
    {
        foreach (Sample sample in Sample.All.Where(HasSession))
        {
            Assert.Equal(
                sample.Read().Kind == Events.AgentEventKind.BeforeTool, ClientTable.Find(sample.Client)!.CanBlock(sample.Event));
        }
    }

    // At its own end the recording plugin knows of no session.
    private static bool HasSession(Sample sample) => sample.Event != "Dispose";

    private static string Name(Sample sample) => $"{sample.Client}/{sample.File}";

    private static Dictionary<string, string> Expected() =>
        System.IO.File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Clients", File)).Where(line => line.Length > 0)
            .Select(line => line.Split(" | ", 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
