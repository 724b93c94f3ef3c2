using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Dashboard;

/// <summary>A server with a key of each kind that the tests of a class share.</summary>
public sealed class KeyedServer : IAsyncLifetime
{
    public const string Full = "full-key;=\\\",~";
    public const string Reader = "reader-key";
    public const string Shop = "shop-key";
    public const string ShopReader = "shop-reader";

    private readonly TempFolder _folder = new();
    private ServerProcess? _server;

    internal ServerProcess Server => _server!;

    /// <summary>Where it listens.</summary>
    public Uri Url => Server.Url;

    /// <summary>The keys, as JSON strings have them.</summary>
    public static string InJson(string key) => key.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal);

    public async ValueTask InitializeAsync()
    {
        string file = _folder.At("keys");
        await File.WriteAllTextAsync(
            file, $"{Full}\n{Reader} read-only\n{Shop} namespace=shop namespace=b\n{ShopReader} read-only namespace=shop\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _server = await ServerProcess.StartAsync(
            "--api-key-file", file, "--host", "127.0.0.1", "--log-level", "debug", "--cors-origin", "https://good.example",
            "--socket", SocketPath);
    }

    /// <summary>Its Unix socket.</summary>
    public string SocketPath => _folder.At("klock.sock");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
