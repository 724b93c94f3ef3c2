using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Servers;

/// <summary>What is wrong with a server, or with the way to it, is reported in one plain line.</summary>
public sealed class StrangeServerTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

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
    public void A_server_of_the_original_is_told_in_words_and_keeps_no_lease_of_ours()
    {
        string program = Repo.At("tests", "dropin", "original_server.py");
        using Running server = _place.StartOther("python3", program);
        string at = $"--server {server.Output.ReadLine()}";
        string[] verbs = ["acquire --file a", "acquire --file a --file b", "run --file a -- true", "status", "events", "watch --once"];
        foreach (string verb in verbs)
        {
            string[] words = verb.Split(" -- ");
            string said = Told($"klock {words[0]} {at}{(words.Length > 1 ? $" -- {words[1]}" : "")}", 4);
            Assert.Contains("not of this Klock", said, StringComparison.Ordinal);
        }

        Told($"klock agents {at}", 4);
        Assert.Empty(_place.Klock(["leases", .. at.Split(' ')]).Well().Out);
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
        Told($"klock leases --server http://127.0.0.1:{server.Port}", 5);
        Told($"KLOCK_API_KEY=reader klock acquire --file a --server http://127.0.0.1:{server.Port}", 5);
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
        using Running shell = _place.StartOther("sh", "-c", line);
        Ran ran = shell.End();
        Assert.True(ran.Code == code, $"{line}\nended with {ran.Code}: {ran.Error}");
        Assert.Matches("^klock(?: serve)?: [^\n]+\n$", ran.Error);
        Assert.DoesNotMatch(ErrorText.NotForPeople(), ran.Error);
        return ran.Error;
    }
}
