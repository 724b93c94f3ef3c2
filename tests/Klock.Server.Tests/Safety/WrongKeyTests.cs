using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Safety;

/// <summary>Keys cannot be guessed: an address that tries many is not answered, without locking out those who have one.</summary>
public sealed class WrongKeyTests : IAsyncLifetime
{
    private const int Burst = 20;
    private const string Known = "known-key";
    private const string Late = "late-key";

    private readonly TempFolder _folder = new();
    private ServerProcess? _server;
    private Api? _stranger;

    private Uri Url => _server!.Url;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_folder.At("keys"), $"{Known}\n{Late}\n");
        File.SetUnixFileMode(_folder.At("keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _server = await ServerProcess.StartAsync("--api-key-file", _folder.At("keys"), "--host", "127.0.0.1");
        _stranger = new Api(Url, handler: new SocketsHttpHandler { UseCookies = false });
    }

    public async ValueTask DisposeAsync()
    {
        _stranger?.Dispose();
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("cookie")]
    [InlineData("session")]
    public async Task Who_has_tried_many_is_not_answered_wherever_he_puts_them(string where)
    {
        (await WithAsync("bearer", Known)).Is(200);
        await GuessAsync(where);
        foreach (string place in (string[])["bearer", "cookie", "session"])
        {
            Reply refused = await WithAsync(place, "yet another in " + place);
            refused.IsError(429, "UNAUTHORIZED");
            Assert.InRange(int.Parse(refused.Headers["Retry-After"]), 1, 4);
            Assert.DoesNotContain("yet another", refused.Text, StringComparison.Ordinal);

            // Nobody learns whether he has guessed one.
            (await WithAsync(place, Late)).IsError(429, "UNAUTHORIZED");
            (await WithAsync(place, Known)).Is(200);
        }

        (await _stranger!.GetAsync("/health", Bearer("another"))).Is(200);
        (await _stranger.GetAsync("/", Bearer("another"))).Is(200);
        Assert.False((await _stranger.GetAsync("/session", Bearer(Late))).Data.GetProperty("signed_in").GetBoolean());
        (await _stranger.GetAsync("/leases")).IsError(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task The_same_wrong_key_again_and_again_counts_once()
    {
        for (int i = 0; i < 3 * Burst; i++)
        {
            (await WithAsync("bearer", "old-key")).IsError(401, "UNAUTHORIZED");
        }

        (await WithAsync("bearer", Late)).Is(200);
    }

    [Fact]
    public async Task After_a_while_one_more_is_judged()
    {
        await GuessAsync("bearer");
        Reply refused = await WithAsync("bearer", Late);
        refused.IsError(429, "UNAUTHORIZED");
        await Task.Delay(TimeSpan.FromSeconds(int.Parse(refused.Headers["Retry-After"])), TestContext.Current.CancellationToken);
        (await WithAsync("bearer", Late)).Is(200);
    }

    private static (string, string) Bearer(string key) => ("Authorization", "Bearer " + key);

    // Until it is refused: while the test runs, the address gets a few more tries.
    private async Task GuessAsync(string where)
    {
        for (int i = 0; i < Burst; i++)
        {
            (await WithAsync(where, $"guess-{i}")).IsError(401, "UNAUTHORIZED");
        }

        for (int i = Burst; (await WithAsync(where, $"guess-{i}")).Status == 401; i++)
        {
            Assert.True(i < 10 * Burst, "it judges as many as one likes");
        }
    }

    private Task<Reply> WithAsync(string where, string key) => where switch
    {
        "bearer" => _stranger!.GetAsync("/leases", Bearer(key)),
        "cookie" => _stranger!.GetAsync("/leases", ("Cookie", Browser.CookieOf(key))),
        _ => _stranger!.PostAsync("/session", $"{{\"key\":\"{key}\"}}"),
    };
}
