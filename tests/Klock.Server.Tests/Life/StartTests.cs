using System.Net.Sockets;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Life;

/// <summary>Starting: the ready line, or one clear line and exit code 2.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task The_ready_line_is_all_there_is_on_stdout_and_names_the_real_port()
    {
        await using ServerProcess server = await ServerProcess.StartAsync();
        Assert.Equal($"klock listening on http://127.0.0.1:{server.Url.Port}", Assert.Single(server.Lines));
        Assert.NotEqual(0, server.Url.Port);
        using var api = new Api(server.Url);
        (await api.GetAsync("/health")).Is(200);
    }

    public static TheoryData<string, string> Wrong() => new()
    {
        { "--port x", "--port is 'x': it must be an integer from 0 to 65535" },
        { "--port 65536", "--port is '65536'" },
        { "--port", "--port" },
        { "--prot 1", "--prot" },
        { "extra", "extra" },
        { "--max-connections 0", "--max-connections is '0'" },
        { "--log-level loud", "--log-level is 'loud': it must be one of error, warn, info, debug" },
        { "--log-format xml", "--log-format is 'xml'" },
        { "--storage floppy", "storage is of an unknown kind" },
        { "--storage sqlite:", "storage has no usable path" },
        { "--storage sqlite:/nowhere/klock.db", "/nowhere/klock.db" },
        { "--storage etcd:localhost:2379", "storage names no http:// or https:// address: it must be etcd:http://" },
        { "--accept-restore", "--accept-restore goes with a store in etcd or PostgreSQL, and --storage is memory: leave it out." },
        { "--host no.such.host.invalid", "--host is 'no.such.host.invalid'" },
        { "--host 203.0.113.1", "203.0.113.1" },
        { "--allow-host http://klock", "--allow-host has 'http://klock': it must be a host name without scheme and port" },
        { "--allow-host klock:3100", "--allow-host has 'klock:3100'" },
        { "--allow-host *", "--allow-host has '*'" },
        { "--cors-origin *", "--cors-origin is '*'" },
        { "--cors-origin example.org", "--cors-origin is 'example.org'" },
        { "--cors-origin https://example.org/path", "--cors-origin is" },
        { "--tls-cert /nowhere", "go together" },
        { "--api-key-file /nowhere", "--api-key-file is '/nowhere', which cannot be read: there is no such file." },
        { "--api-key-file /dev/null", "--api-key-file has no key" },
        { "--socket /nowhere/s", "no such folder" },
        { "--socket /tmp/" + new string('x', 103), "--socket has 108 bytes as a full path: it must have 1 to 107" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_flag_is_one_clear_line_and_exit_2(string arguments, string part)
    {
        (int code, string output, string errors) = await ServerProcess.RunAsync([], arguments.Split(' '));
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.StartsWith("klock serve: ", errors, StringComparison.Ordinal);
        Assert.Contains(part, errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("KLOCK_ALLOW_HOSTS", "klock,klock:3100")]
    [InlineData("KLOCK_API_KEY", "two words")]
    [InlineData("KLOCK_API_KEY", "schlüssel")]
    [InlineData("KLOCK_STORAGE", "floppy")]
    [InlineData("KLOCK_ENDS_WITH", "99")]
    [InlineData("KLOCK_ENDS_WITH", "4711 -8 pid:[1]")]
    public async Task So_is_a_wrong_variable_and_a_key_is_not_quoted(string name, string value)
    {
        (int code, _, string errors) = await ServerProcess.RunAsync([(name, value)]);
        Assert.Equal(2, code);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.True(value.Length == 0 || !errors.Contains(value, StringComparison.Ordinal), errors);
    }

    [Fact]
    public async Task An_empty_variable_is_none()
    {
        await using ServerProcess server = await ServerProcess.StartWithAsync(
            [("KLOCK_API_KEY", ""), ("KLOCK_STORAGE", ""), ("KLOCK_ENDS_WITH", "")]);
        using var api = new Api(server.Url);
        (await api.AcquireAsync("a", "/free")).Is(201);
    }

    [Fact]
    public async Task So_is_a_port_that_is_taken()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        int port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        (int code, string output, string errors) = await ServerProcess.RunAsync([], "--port", $"{port}");
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Equal($"klock serve: --port is {port}, which another program on 127.0.0.1 listens on already.", errors.Trim());
    }

    [Fact]
    public async Task Help_names_every_flag_and_the_command_as_users_call_it()
    {
        (int code, string output, _) = await ServerProcess.RunAsync([], "--help");
        Assert.Equal(0, code);
        Assert.Contains("klock serve [options]", output, StringComparison.Ordinal);
        string[] flags = ["port", "host", "storage", "api-key-file", "cors-origin", "tls-cert", "tls-key", "socket", "max-connections",
            "log-level"];
        Assert.All(flags, flag => Assert.Contains("--" + flag, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_settings_file_or_variable_of_the_framework_changes_nothing()
    {
        await using ServerProcess server = await ServerProcess.StartWithAsync(
            [("ASPNETCORE_URLS", "http://0.0.0.0:1"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("Logging__LogLevel__Default", "Trace")]);
        Assert.Equal("127.0.0.1", server.Url.Host);
    }

    [Fact]
    public async Task Systemd_is_told_when_it_is_ready_and_when_it_stops()
    {
        using var folder = new TempFolder();
        string path = folder.At("notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        await using ServerProcess server = await ServerProcess.StartWithAsync([("NOTIFY_SOCKET", path)]);
        Assert.Equal("READY=1", await ReadAsync(socket));
        await server.StopAsync();
        Assert.Equal("STOPPING=1", await ReadAsync(socket));
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        byte[] buffer = new byte[256];
        int read = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(5));
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read).Trim();
    }
}
