using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Life;

/// <summary>Which store is served, and whether the command line uses the same in that folder.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public StoreTests()
    {
        Directory.CreateDirectory(_folder.At("repo"));
        using var git = System.Diagnostics.Process.Start("git", ["init", "--quiet", _folder.At("repo")]);
        git.WaitForExit();
    }

    private string Store => _folder.At("repo", ".git", "klock", "klock.db");

    private string Socket => _folder.At("repo", ".git", "klock", "klock.sock");

    private string InRepo => $"cd '{_folder.At("repo")}'; unset KLOCK_SERVER KLOCK_SOCKET KLOCK_STORAGE";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Auto_is_the_store_of_the_repository()
    {
        await using ServerProcess server = await ServerProcess.StartAfterAsync(InRepo, "--storage", "auto", "--socket", Socket);
        using var api = new Api(server.Url);
        (await api.AcquireAsync("a", "a.c")).Is(201);
        Assert.True(File.Exists(Store));
        Assert.DoesNotContain("--storage auto", server.Errors, StringComparison.Ordinal);
    }

    // Where clients are to find a server is no store for the server itself.
    [Fact]
    public async Task Auto_heeds_the_variable_for_stores_and_not_those_for_servers()
    {
        string variables = InRepo + "; export KLOCK_SERVER=http://127.0.0.1:9 KLOCK_SOCKET=/klock/no.sock";
        await using (ServerProcess server = await ServerProcess.StartAfterAsync(variables, "--storage", "auto"))
        {
            Assert.True(File.Exists(Store));
        }

        string other = _folder.At("other.db");
        await using ServerProcess named = await ServerProcess.StartAfterAsync(
            $"{variables} KLOCK_STORAGE=sqlite:{other}", "--storage", "auto");
        Assert.True(File.Exists(other));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("sqlite:other.db")]
    public async Task Another_store_in_a_repository_is_told_of_with_how_to_share(string storage)
    {
        await using ServerProcess server = await ServerProcess.StartAfterAsync(InRepo, "--storage", storage);
        await server.UntilLoggedAsync($"sqlite:{Store}");
        Assert.Contains("--storage auto", server.Errors, StringComparison.Ordinal);
        Assert.Contains($"KLOCK_SERVER={server.Url.ToString().TrimEnd('/')}", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_a_repository_and_on_the_store_itself_nothing_is_told()
    {
        await using ServerProcess outside = await ServerProcess.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(Store)!);
        await using ServerProcess same = await ServerProcess.StartAfterAsync(InRepo, "--storage", "sqlite:.git/../.git/klock/klock.db");
        Assert.DoesNotContain("--storage auto", outside.Errors + same.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("sqlite:other.db")]
    public async Task The_socket_of_a_repository_is_for_its_very_store(string storage)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Store)!);
        Directory.CreateSymbolicLink(_folder.At("link"), Path.GetDirectoryName(Store)!);
        foreach (string socket in new[] { Socket, ".git/klock/klock.sock", _folder.At("link", "klock.sock") })
        {
            (int code, _, string errors) = await ServerProcess.RunAfterAsync(
                InRepo, "--port", "0", "--storage", storage, "--socket", socket);
            Assert.Equal(2, code);
            Assert.Contains(Store, errors, StringComparison.Ordinal);
            Assert.False(Path.Exists(Socket));
        }

        await using ServerProcess elsewhere = await ServerProcess.StartAfterAsync(InRepo, "--storage", storage, "--socket", "my.sock");
        await using ServerProcess linked = await ServerProcess.StartAfterAsync(
            InRepo, "--storage", $"sqlite:{_folder.At("link")}/klock.db?history=5000", "--socket", Socket);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_no_other_store()
    {
        Directory.CreateDirectory(_folder.At("tree"));
        await File.WriteAllTextAsync(_folder.At("tree", ".git"), "gitdir: /klock-no-such-folder", TestContext.Current.CancellationToken);
        (int code, _, string errors) = await ServerProcess.RunAfterAsync(
            $"cd '{_folder.At("tree")}'; unset KLOCK_STORAGE", "--port", "0", "--storage", "auto");
        Assert.Equal(2, code);
        Assert.Contains("/klock-no-such-folder", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Absolute_paths_in_the_root_are_relative_to_it()
    {
        await using (ServerProcess server = await ServerProcess.StartAfterAsync(InRepo))
        {
            await MeetAsync(server, _folder.At("repo", "src", "a.c"), "src/a.c");
        }

        await using ServerProcess rooted = await ServerProcess.StartAfterAsync(InRepo, "--root", "/workspace");
        await MeetAsync(rooted, "/workspace/src/a.c", "src/a.c");
        using var api = new Api(rooted.Url);
        (await api.AcquireAsync("c", _folder.At("repo", "b.c"))).Is(201);
        (await api.AcquireAsync("d", "b.c")).Is(201);
    }

    private static async Task MeetAsync(ServerProcess server, string absolute, string relative)
    {
        using var api = new Api(server.Url);
        Reply taken = await api.AcquireAsync("a", absolute);
        Assert.Equal($"FILE:{relative}", taken.Is(201).Data.GetProperty("resource").GetString());
        (await api.AcquireAsync("b", relative)).Is(409);
        Assert.Equal(1, (await api.GetAsync($"/leases?resource=FILE:{absolute}")).Is(200).Data.GetArrayLength());
    }
}
