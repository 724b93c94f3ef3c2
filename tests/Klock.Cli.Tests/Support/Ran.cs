using System.Text.Json;

namespace Klock.Cli.Tests.Support;

/// <summary>What a run of klock came to.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Out">All of stdout.</param>
/// <param name="Error">All of stderr.</param>
internal sealed record Ran(int Code, string Out, string Error)
{
    /// <summary>The lines of stdout, each cut at its tabs.</summary>
    public string[][] Rows => [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];

    /// <summary>stdout as one JSON object.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>It ended well and said nothing on stderr.</summary>
    public Ran Well()
    {
        Assert.True(Code == 0 && Error.Length == 0, $"ended with {Code}: {Error}{Out}");
        return this;
    }

    /// <summary>It ended with this code and one line on stderr, which it returns.</summary>
    public string Failed(int code)
    {
        Assert.True(Code == code, $"ended with {Code} instead of {code}: {Error}{Out}");
        Assert.Matches("^klock: [^\n]+\n$", Error);
        return Error;
    }
}
