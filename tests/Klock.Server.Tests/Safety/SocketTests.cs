using System.Net.Sockets;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Safety;

/// <summary>The Unix socket: its owner's alone.</summary>
public sealed class SocketTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string SocketPath => _folder.At("klock.sock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_store_answers_on_the_socket_which_only_its_owner_can_reach()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--socket", SocketPath);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(SocketPath));
        using var overTcp = new Api(server.Url);
        using Api overSocket = Connect(server.Url);
        string lease = (await overSocket.AcquireAsync("a", "/socket")).Is(201).LeaseId;
        (await overTcp.GetAsync("/leases/" + lease)).Is(200);
        Assert.Equal([$"klock listening on http://127.0.0.1:{server.Url.Port}"], server.Lines);
        Assert.Equal(0, await server.StopAsync());
        Assert.False(Path.Exists(SocketPath));
    }

    [Fact]
    public async Task A_socket_that_a_killed_server_left_is_taken_over()
    {
        await using (ServerProcess killed = await ServerProcess.StartAsync("--socket", SocketPath))
        {
            await killed.KillAsync();
        }

        Assert.True(Path.Exists(SocketPath));
        await using ServerProcess server = await ServerProcess.StartAsync("--socket", SocketPath);
        using Api api = Connect(server.Url);
        (await api.GetAsync("/health")).Is(200);
    }

    [Fact]
    public async Task A_path_that_is_taken_is_left_alone()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--socket", SocketPath);
        string file = _folder.At("file");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);
        foreach ((string path, string why) in new[] { (SocketPath, "where another server listens"), (file, "a file of another kind") })
        {
            (int code, _, string errors) = await ServerProcess.RunAsync([], "--port", "0", "--socket", path);
            Assert.Equal(2, code);
            Assert.Contains(why, errors, StringComparison.Ordinal);
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        using Api api = Connect(server.Url);
        (await api.GetAsync("/health")).Is(200);
    }

    // To look whether anybody listens and to take the path are two steps; of all who start at once one gets through both.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_servers_that_start_at_once_one_gets_the_socket(bool isStale)
    {
        if (isStale)
        {
            await using ServerProcess killed = await ServerProcess.StartAsync("--socket", SocketPath);
            await killed.KillAsync();
        }

        ServerProcess[] servers = [.. Enumerable.Range(0, 12).Select(_ => ServerProcess.Launch("--socket", SocketPath))];
        try
        {
            bool[] ready = await Task.WhenAll(servers.Select(server => server.IsReadyAsync()));
            ServerProcess winner = Assert.Single(servers.Where((_, i) => ready[i]));
            foreach (ServerProcess loser in servers.Where(server => server != winner))
            {
                Assert.Equal(2, await loser.EndAsync());
                Assert.Contains("where another server listens", loser.Errors, StringComparison.Ordinal);
            }

            using var overTcp = new Api(winner.Url);
            using Api overSocket = Connect(winner.Url);
            (await overSocket.AcquireAsync("a", "/socket")).Is(201);
            Assert.Equal(1, (await overTcp.GetAsync("/leases")).Data.GetArrayLength());
            Assert.Equal([SocketPath], Directory.GetFileSystemEntries(Path.GetDirectoryName(SocketPath)!));
        }
        finally
        {
            await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task A_server_that_stops_leaves_its_successors_socket_alone()
    {
        await using ServerProcess first = await ServerProcess.StartAsync("--socket", SocketPath);
        File.Delete(SocketPath);
        await using ServerProcess second = await ServerProcess.StartAsync("--socket", SocketPath);
        Assert.Equal(0, await first.StopAsync());
        using Api api = Connect(second.Url);
        (await api.GetAsync("/health")).Is(200);
        Assert.Equal(0, await second.StopAsync());
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(SocketPath)!));
    }

    [Fact]
    public async Task A_server_that_hangs_keeps_its_socket()
    {
        await using ServerProcess hung = await ServerProcess.StartAsync("--socket", SocketPath);
        hung.Signal("STOP");
        (int code, _, string errors) = await ServerProcess.RunAsync([], "--port", "0", "--socket", SocketPath);
        Assert.Equal(2, code);
        Assert.Contains("where another server listens", errors, StringComparison.Ordinal);
        hung.Signal("CONT");
        using Api api = Connect(hung.Url);
        (await api.GetAsync("/health")).Is(200);
    }

    // The name beside it, under which it is bound, is longer than what fits.
    [Fact]
    public async Task The_longest_path_of_a_socket_is_used_whole()
    {
        string path = SocketPath + new string('x', 107 - SocketPath.Length);
        await using ServerProcess server = await ServerProcess.StartAsync("--socket", path);
        await server.UntilLoggedAsync("unix:" + path);
        Assert.True(Path.Exists(path));
    }

    private Api Connect(Uri url) => new(url, handler: new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
