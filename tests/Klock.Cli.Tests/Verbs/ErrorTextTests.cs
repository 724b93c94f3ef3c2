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

    [Fact]
    public void A_server_has_one_ready_line()
    {
        using var server = new Server(_place, "--storage", "memory", "--socket", _place.At("s.sock"));
        server.Process.Signal(15);
        Assert.Empty(server.Process.End().Out);
    }

    private Ran Shell(string line)
    {
        File.WriteAllText(_place.At("plain"), "no store, no program, no key");
        if (!Path.Exists(_place.At("loop")))
        {
            File.CreateSymbolicLink(_place.At("loop"), "loop");
            File.WriteAllText(_place.At("not-a-folder"), "");
            Directory.CreateDirectory(_place.At("locked"));
        }

        using Running shell = _place.StartOther("sh", "-c", line);
        return shell.End();
    }

    [GeneratedRegex("klock [a-z]+")]
    private static partial Regex Verb();

    private static Regex Forbidden() => new(
        Parts() + @"|\b(wait_ms|session_id|agent_id|lease_id|request_id|resource_path)\b", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"System\.|Exception|Nullable|`\d|IO_|Arg_|see inner|\\x0a|\\x09|\{\w+\}|localhost:80\)|Parameter '|Object reference|SQLitePCL|net_")]
    private static partial Regex Parts();
}
