using System.Text.Json;

namespace Klock.Server.Tests.Support;

/// <summary>An answer over HTTP.</summary>
internal sealed record Reply(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement Data => Json.GetProperty("data");

    public string LeaseId => Data.GetProperty("lease_id").GetString()!;

    /// <summary>The error's code; null when it is none.</summary>
    public string? Code => Json.TryGetProperty("code", out JsonElement code) ? code.GetString() : null;

    /// <summary>Fails the test unless it is this error, in the form that every error has.</summary>
    public void IsError(int status, string code)
    {
        Assert.True(status == Status, $"{Status} {Text}");
        Assert.Equal("application/json", Headers["Content-Type"]);
        Assert.Equal(["success", "code", "error"], Json.EnumerateObject().Select(field => field.Name));
        Assert.False(Json.GetProperty("success").GetBoolean());
        Assert.Equal(code, Code);
        Assert.Matches("^[^\r\n]{10,400}[.]$", Json.GetProperty("error").GetString()!);
    }

    /// <summary>Fails the test unless it has this status.</summary>
    public Reply Is(int status)
    {
        Assert.True(status == Status, $"{Status} {Text}");
        return this;
    }
}
