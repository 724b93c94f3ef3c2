using System.Text;
using CsCheck;

namespace Klock.Coordinator.Tests;

/// <summary>Requests to read: usual ones, those that the fuzzer starts from, and ones put together at random.</summary>
internal static class Requests
{
    /// <summary>As clients write them.</summary>
    public static readonly string[] Usual =
    [
        """{"agent_id":"agent-1","session_id":"s","resource_type":"FILE","resource_path":"/a/b.ts","predicate":"MUTATES","ttl":60000}""",
        """{"agent_id": "a", "session_id": "s", "resource_type": "custom", "resource_path": "x", "predicate": "consumes", "ttl": 1}""",
        """{"agent_id":"a","session_id":"s","resource_type":"FILE","resource_path":"a","predicate":"DELETES","ttl":5,"note":null}""",
        """{"lease_id":"0123456789abcdef0123456789ABCDEF"}""",
        """{"lease_id":"none"}""",
        """{"agent_id":"a","priority":999999999999999999}""",
        """{"storage":"memory","bind_to_process":false}""",
        """{"storage":"memory","bind_to_process":true,"anything else":"x"}""",
        """{}""",
        " {\r\n\t\"lease_id\" : \"x\" \n} ",
    ];

    private static readonly string[] s_names =
    [
        "agent_id", "session_id", "resource_type", "resource_path", "predicate", "ttl", "wait_ms", "note", "request_id", "lease_id",
        "priority", "intents", "a", "", "agent_iD", "agent_id ", "session_idd", "ticket", "agent\\u005fid", "\\ud83d", "\\\\", "ä", "\\\"",
    ];

    private static readonly string[] s_values =
    [
        "\"\"", "\"a\"", "\"agent-1\"", "\"fifteen bytes..\"", "\"sixteen bytes ..\"", "\"seventeen bytes..\"", "\"~ !#[]\"", "\"\u007f\"",
        "\"a\\n\"", "\"\\u0041\"", "\"ä\"", "\"😀\"", "\"\t\"", "\"\\\"\"", "\"\\ud83d\"", "\"{\"", "\"a", "\"", "0", "1",
        "00", "01", "60000", "-1",
        "1.5", "1e3", "1E3", "+1", "999999999999999999",
        "9999999999999999999", "18446744073709551615", "18446744073709551616", "0x1", "1a",
        "true", "false", "null", "True", "truex", "tru", "nul", "[]", "{}", "[1,{\"agent_id\":2}]", "{\"ttl\":[]}", "[", "{", "NaN", "",
    ];

    private static readonly string[] s_space = ["", "", "", "", " ", "\n", "\t\r", "\v", "/**/", ","];

    /// <summary>Put together at random, right ones and nearly right ones.</summary>
    public static readonly Gen<string> Random =
        from fields in Gen.Select(
            Gen.OneOf(s_space), Gen.OneOf(s_names), Gen.OneOf(s_space), Gen.OneOf(s_values), Gen.OneOf(s_space)).Array[0, 5]
        from after in Gen.OneOf("", "", "", " ", "\n", "x", "{}", "\0")
        select "{" + string.Join(',', fields.Select(f => $"{f.Item1}\"{f.Item2}\":{f.Item3}{f.Item4}{f.Item5}")) + "}" + after;

    /// <summary>The usual ones, and the lines of the fuzzer's scripts less the letter that says what is asked.</summary>
    public static IEnumerable<byte[]> Known =>
    [
        .. Usual.Select(Encoding.UTF8.GetBytes),
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "corpus"))
            .SelectMany(file => File.ReadAllBytes(file).Split((byte)'\n'))
            .Where(line => line.Length > 0)
            .Select(line => line[1..]),
    ];

    private static IEnumerable<byte[]> Split(this byte[] bytes, byte separator)
    {
        int start = 0;
        for (int end = 0; end <= bytes.Length; end++)
        {
            if (end == bytes.Length || bytes[end] == separator)
            {
                yield return bytes[start..end];
                start = end + 1;
            }
        }
    }
}
