using System.Diagnostics;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Documents;

/// <summary>The script that walks every route with curl alone.</summary>
public sealed class WalkTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a-key")]
    public async Task The_script_walks_every_route(string key)
    {
        (string, string)[] environment = key.Length == 0 ? [] : [("KLOCK_API_KEY", key)];
        await using ServerProcess server = await ServerProcess.StartWithAsync(environment);
        string url = $"http://127.0.0.1:{server.Url.Port}";
        var start = new ProcessStartInfo("/bin/sh", [Repo.At("examples", "http", "walk.sh"), url])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["KLOCK_API_KEY"] = key;
        using Process walk = Process.Start(start)!;
        Task<string> errors = walk.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await walk.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await walk.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(walk.ExitCode == 0, output + await errors);
        Assert.EndsWith("All routes answered as they should.\n", output, StringComparison.Ordinal);
        foreach (string shown in (string[])["\"reason\":\"WAIT\"", "\"reason\":\"DIE\"", "\"reason\":\"WAIT_TIMEOUT\"",
            "\"code\":\"EXPIRED\""])
        {
            Assert.Contains(shown, output, StringComparison.Ordinal);
        }

        Assert.Contains("    data: {\"seq\":", output, StringComparison.Ordinal);
        string[] patterns = [.. (await DocumentedAsync(url, key)).Select(path => path.Split('{')[0].TrimEnd('/'))];
        string shownOrNot = output + " /mcp /metrics /openapi/v1.json";
        Assert.All(patterns, pattern => Assert.Contains($" {pattern}", shownOrNot, StringComparison.Ordinal));
    }

    private static async Task<IEnumerable<string>> DocumentedAsync(string url, string key)
    {
        using var api = new Api(new Uri(url), key.Length == 0 ? null : key);
        return (await api.GetAsync("/openapi/v1.json")).Is(200).Json.GetProperty("paths").EnumerateObject().Select(path => path.Name);
    }
}
