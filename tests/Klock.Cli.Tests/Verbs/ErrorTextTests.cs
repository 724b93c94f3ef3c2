using System.Text.Json;
using System.Text.RegularExpressions;
using Klock.Cli.Tests.Servers;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>Whatever goes wrong is told in words of people: nothing of .NET, of JSON's fields, of parts that nobody knows.</summary>
public sealed partial class ErrorTextTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    // Every way to go wrong that can be provoked from outside, of klock and of klock-server.
    public static TheoryData<string> Lines =>
    [
        "klock frobnicate", "klock --frob", "klock acquire --frob", "klock acquire", "klock acquire --file", "klock acquire --file ''",
        "klock acquire --file 'a*'", "klock acquire --file ../../../../../../../../x --raw", "klock acquire --file a --ttl 0s",
        "klock acquire --file a --ttl 25h", "klock acquire --file a --wait 2h", "klock acquire --file a --wait x",
        "klock acquire --file a --mode x", "klock acquire --file a --priority x", "klock acquire --file a --priority -1",
        "klock acquire --resource a", "klock acquire --resource X:a", "klock acquire --resource SYMBOL:a.ts#", "klock acquire --file \"$(printf 'a\\nb')\" --mode x",
        "klock acquire --file a --agent $(printf 'x%.0s' $(seq 300))", "klock acquire --file a --note $(printf 'x%.0s' $(seq 1100))",
        "klock acquire --file a --session $(printf 'x%.0s' $(seq 300))", "klock acquire --file a --request-id $(printf 'x%.0s' $(seq 200))",
        "klock acquire --file $(printf 'x%.0s' $(seq 5000))", "klock acquire --file loop",
        "klock release", "klock release 0123", "klock release --all", "klock renew 00000000000000000000000000000000",
        "klock revoke", "klock revoke 00000000000000000000000000000000", "klock release ../../../../../../../../../etc/x",
        "klock run", "klock run --file a", "klock run --file a --", "klock run --file a -- no-such-program", "klock run --file a -- ./plain",
        "klock run --file a -- ./", "klock run --file a --on-lease-loss x -- true", "klock run --file a --ttl 10ms -- true",
        "klock check < /dev/null", "echo '[' | klock check", "echo '[]' | klock check", "echo '{}' | klock check", "klock check < ./",
        "echo '{\"agent_id\":1}' | klock check", "klock why", "klock why ''", "klock why 'a*'", "klock why --type X a",
        "klock leases --file a --resource FILE:a", "klock leases a b", "klock events --last x", "klock events --after x",
        "klock events --after 0 --limit 0", "klock watch --interval 30d", "klock watch --interval 0s", "klock completion", "klock completion sh",
        "klock where --server a --storage b", "klock leases --storage memory", "klock leases --storage x", "klock leases --storage sqlite:",
        "klock leases --storage sqlite:no/such/folder/klock.db", "klock leases --storage sqlite:./", "klock leases --storage sqlite:plain",
        "klock leases --storage sqlite:/dev/null", "klock leases --storage 'sqlite:x.db?synchronous=x'", "klock leases --storage 'sqlite:x?y=z'",
        "klock leases --server x", "klock leases --server http://", "klock leases --server ftp://x", "klock leases --server http://127.0.0.1:1",
        "klock leases --server https://127.0.0.1:1", "klock leases --server http://no.such.host.invalid", "klock leases --socket no.sock",
        "klock leases --socket plain", "klock leases --socket $(printf 'x%.0s' $(seq 200))", "HTTP_PROXY=x:y klock leases --server http://h",
        "HTTP_PROXY=http://127.0.0.1:1 klock leases --server http://h.invalid", "https_proxy=http://127.0.0.1:1 klock leases --server https://h",
        "KLOCK_API_KEY=$(printf 'a\nb') klock leases --server http://127.0.0.1:1", "HOME= XDG_STATE_HOME= klock where --storage ''",
        "cd / && HOME= XDG_STATE_HOME= klock leases", "mkdir gone && cd gone && rmdir ../gone && klock acquire --file a",
        "klock version > /dev/full", "klock acquire --file a --storage sqlite:/proc/klock.db", "klock acquire --file locked/a --storage sqlite:locked",
        "klock serve --frob", "klock serve --port", "klock serve --port x", "klock serve --port 70000", "klock serve --port=", "klock serve x",
        "klock serve --host no.such.host.invalid", "klock serve --host 192.0.2.1 --port 0", "klock serve --storage x", "klock serve --storage ''",
        "klock serve --storage sqlite:no/such/x.db --port 0", "klock serve --storage sqlite:plain --port 0", "klock serve --socket no/such/x",
        "klock serve --socket $(printf 'x%.0s' $(seq 200)) --port 0", "klock serve --tls-cert plain", "klock serve --tls-cert plain --tls-key plain",
        "klock serve --api-key-file no-such", "klock serve --api-key-file plain --log-level x", "klock serve --cors-origin x",
        "klock serve --max-connections 0", "klock serve --log-format x", "klock serve --allow-host ''", "klock serve @plain",
        "klock status --storage sqlite:plain", "klock watch --once --storage sqlite:plain", "klock agents --storage sqlite:plain",
        "klock run --storage sqlite:plain --file a -- true", "klock acquire --storage sqlite:plain --file a", "klock events --storage sqlite:plain",
        "klock why a --storage sqlite:plain", "klock release a --agent x --storage sqlite:plain", "klock revoke a --storage sqlite:plain",
        "klock renew 00000000000000000000000000000000 --storage sqlite:plain", "echo '{}' | klock check --storage sqlite:plain",
        "klock leases --storage sqlite:damaged.db", "klock leases --storage sqlite:short.db", "klock leases --storage sqlite:linked.db",
        "rm -rf .git; echo 'gitdir: /nowhere' > .git; klock leases", "rm -rf .git; echo x > .git; klock leases",
        "rm -rf .git/klock; touch .git/klock; klock leases", "klock leases --server http://127.0.0.1:99999", "klock leases --server 'http://a b/'",
        "klock leases --server 'http://[::1]:1'", "KLOCK_STORAGE=x klock leases", "KLOCK_SERVER=x klock leases", "KLOCK_SOCKET=x klock leases",
        "KLOCK_AGENT_ID=$(printf 'x%.0s' $(seq 300)) klock acquire --file a", "klock why", "klock version x", "klock man x", "klock agents x",
        "klock events x", "klock status x", "klock where x", "klock check x", "klock acquire x", "klock watch x", "klock help frob",
        "klock help leases --frob", "klock release", "klock release a", "klock renew a", "klock revoke none.ts", "klock release --all a",
        "klock serve --port 0 --storage sqlite:./", "klock serve --port 0 --storage sqlite:damaged.db", "klock serve --api-key-file ./",
        "klock serve --api-key-file /dev/null", "klock serve --tls-cert ./ --tls-key ./", "klock serve --tls-cert no --tls-key no",
        "klock serve --socket ./ --port 0", "klock serve --socket plain --port 0", "klock serve --socket .git/klock/klock.sock --port 0",
        "klock serve --socket /proc/x --port 0", "KLOCK_API_KEY='a b' klock serve --port 0", "klock serve --port 1 --port 2",
        "klock serve --cors-origin '*' --port 0", "klock-server --frob",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void An_error_is_one_line_for_people_and_an_answer_for_programs(string line)
    {
        Ran ran = Shell(line);
        Assert.NotEqual(0, ran.Code);
        Assert.NotEqual(1, line.Contains("/dev/full", StringComparison.Ordinal) ? 0 : ran.Code);
        Assert.Matches("^klock(?: serve)?: [^\n]+\n$", ran.Error);
        // A manifest is JSON, and whoever writes one knows the names of its fields.
        Assert.DoesNotMatch(line.Contains("check", StringComparison.Ordinal) ? Parts() : Forbidden(), ran.Error);
        string verb = Verb().Match(line).Value;
        if (verb is "" or "klock serve" or "klock completion" || line.Contains("/dev/full", StringComparison.Ordinal))
        {
            return;
        }

        Ran json = Shell(line.Replace(verb, verb + " --json", StringComparison.Ordinal));
        Assert.Equal(ran.Code, json.Code);
        JsonElement answer = json.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., var last] ? JsonDocument.Parse(last).RootElement
            : throw new InvalidDataException($"no answer to: {line}");
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Matches("^[A-Z_]+$", answer.GetProperty("code").GetString());
        Assert.DoesNotMatch(Parts(), answer.GetProperty("error").GetString());
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

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnot found")]
    [InlineData("HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\nConnection: close\r\n\r\n{")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n")]
    [InlineData("\0\0\0")]
    [InlineData("")]
    public void What_is_no_klock_server_is_told_from_one(string answer)
    {
        using var server = new FakeServer(_ => answer);
        Told($"klock leases --server {server.Url}", 4);
        Told($"klock status --server {server.Url}", 4);
        Told($"klock leases --server {server.Url.Replace("http", "https", StringComparison.Ordinal)}", 4);
    }

    [Fact]
    public void A_certificate_is_judged_in_words()
    {
        const string Make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=other 2> made";
        using Running openssl = _place.StartOther("sh", "-c", $"{Make} -keyout key.pem -out cert.pem");
        Assert.Equal(0, openssl.End().Code);
        using var server = new Server(_place, "--storage", "memory", "--tls-cert", "cert.pem", "--tls-key", "key.pem");
        Assert.Contains("trusts", Told($"klock leases --server {server.Url}", 4), StringComparison.Ordinal);
        Assert.Contains("another name", Told($"SSL_CERT_FILE=cert.pem klock leases --server {server.Url}", 4), StringComparison.Ordinal);
        Told($"klock leases --server {server.Url.Replace("https", "http", StringComparison.Ordinal)}", 4);
        Told($"klock serve --port {server.Port}", 2);
        Told("klock serve --port 0 --tls-cert cert.pem --tls-key cert.pem", 2);
        Told("klock serve --port 0 --tls-cert key.pem --tls-key key.pem", 2);
        Told("head -c 300 cert.pem > half.pem; echo '-----END CERTIFICATE-----' >> half.pem; klock serve --port 0 --tls-cert half.pem "
            + "--tls-key key.pem", 2);
    }

    [Fact]
    public void A_key_that_is_missing_or_may_not_is_told()
    {
        File.WriteAllText(_place.At("keys"), "reader read-only\nwriter\n");
        using var server = new Server(_place, "--storage", "memory", "--api-key-file", "keys");
        Told($"klock leases --server {server.Url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)}", 5);
        Told($"KLOCK_API_KEY=reader klock acquire --file a --server {server.Url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)}", 5);
    }

    [Fact]
    public void Who_may_not_write_there_is_told()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can be somebody else");
        // Programs that anybody may run, in a folder that only root may write to.
        using var elsewhere = new Place();
        const string Nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
        string open = $"cp $(dirname $(command -v klock))/klock* {elsewhere.Top}; chmod a+rx {elsewhere.Top}/klock* {elsewhere.Top}; "
            + $"cd /; export PATH={elsewhere.Top}:$PATH HOME=/root";
        Told($"{open}; {Nobody} klock leases", 4);
        Told($"{open}; {Nobody} klock leases --storage sqlite:{_place.At("klock.db")}", 4);
        Told($"{open}; {Nobody} klock leases --storage sqlite:/usr/klock.db", 4);
        Told($"{open}; {Nobody} klock serve --port 0 --storage sqlite:/usr/klock.db", 2);
        Told($"{open}; {Nobody} klock serve --port 0 --socket /usr/klock.sock", 2);
        Told($"{open}; {Nobody} klock serve --port 0 --api-key-file /etc/shadow", 2);
    }

    [Fact]
    public void What_was_typed_is_shown_in_one_line_whatever_it_is()
    {
        Assert.Contains("a\\x0ab", _place.Klock("serve", "--storage", "sqlite:a\nb/x", "--port", "0").Error, StringComparison.Ordinal);
        Assert.Contains("a\\x1b[1mb", _place.Klock("acquire", "--file", "a\u001b[1mb*").Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_has_one_ready_line()
    {
        using var server = new Server(_place, "--storage", "memory", "--socket", _place.At("s.sock"));
        server.Process.Signal(15);
        Assert.Empty(server.Process.End().Out);
    }

    // One line in words of people.
    private string Told(string line, int code)
    {
        Ran ran = Shell(line);
        Assert.True(ran.Code == code, $"{line}\nended with {ran.Code}: {ran.Error}");
        Assert.Matches("^klock(?: serve)?: [^\n]+\n$", ran.Error);
        Assert.DoesNotMatch(Forbidden(), ran.Error);
        return ran.Error;
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

    [GeneratedRegex("klock [a-z]+")]
    private static partial Regex Verb();

    private static Regex Forbidden() => new(
        Parts() + @"|\b(wait_ms|session_id|agent_id|lease_id|request_id|resource_path)\b", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"System\.|Exception|Nullable|`\d|IO_|Arg_|see inner|\\x0a|\\x09|\{\w+\}|localhost:80\)|Parameter '|Object reference|SQLitePCL|net_|RemoteCertificate|frame size|SSL routines|Could not find|Access to the path|Unrecognized|Required argument")]
    private static partial Regex Parts();
}
