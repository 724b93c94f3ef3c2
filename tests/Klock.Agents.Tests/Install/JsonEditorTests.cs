using System.Text;
using System.Text.Json;
using Klock.Agents.Install.Text;

namespace Klock.Agents.Tests.Install;

/// <summary>Settings files of coding agents, edited in place.</summary>
public sealed class JsonEditorTests
{
    private static readonly string[] _hooks = ["hooks", "PreToolUse"];

    [Theory]
    // Nothing there.
    [InlineData("", "{|  'hooks': {|    'PreToolUse': [|      {|        'm': 1|      }|    ]|  }|}|")]
    [InlineData("  |", "  |{|  'hooks': {|    'PreToolUse': [|      {|        'm': 1|      }|    ]|  }|}|")]
    [InlineData("// only this", "// only this|{|  'hooks': {|    'PreToolUse': [|      {|        'm': 1|      }|    ]|  }|}|")]
    [InlineData("{}", "{|  'hooks': {|    'PreToolUse': [|      {|        'm': 1|      }|    ]|  }|}")]
    // Beside others, in the file's own style.
    [InlineData(
        "{|    'a': 1|}|",
        "{|    'a': 1,|    'hooks': {|        'PreToolUse': [|            {|                'm': 1|            }|        ]|    }|}|")]
    [InlineData("{|\t'hooks': {}|}|", "{|\t'hooks': {|\t\t'PreToolUse': [|\t\t\t{|\t\t\t\t'm': 1|\t\t\t}|\t\t]|\t}|}|")]
    [InlineData(
        "{|\t'hooks': {|\t\t'PreToolUse': []|\t}|}|",
        "{|\t'hooks': {|\t\t'PreToolUse': [|\t\t\t{|\t\t\t\t'm': 1|\t\t\t}|\t\t]|\t}|}|")]
    [InlineData("{'hooks':{'PreToolUse':[{'m':0},{'m':2}]}}", "{'hooks':{'PreToolUse':[{'m':0},{'m':2},{'m':1}]}}")]
    [InlineData("{ 'hooks': { 'Stop': [] } }", "{ 'hooks': { 'Stop': [], 'PreToolUse': [{'m':1}] } }")]
    [InlineData("{|  'hooks': { 'PreToolUse': [ { 'm': 0 } ] }|}", "{|  'hooks': { 'PreToolUse': [ { 'm': 0 }, {'m':1} ] }|}")]
    // Comments and trailing commas.
    [InlineData(
        "{|  'a': 1 // one|  // end|}|",
        "{|  'a': 1, // one|  'hooks': {|    'PreToolUse': [|      {|        'm': 1|      }|    ]|  }|  // end|}|")]
    [InlineData(
        "{|  'hooks': {|    'PreToolUse': [|      'x', // mine|    ],|  },|}|",
        "{|  'hooks': {|    'PreToolUse': [|      'x', // mine|      {|        'm': 1|      },|    ],|  },|}|")]
    [InlineData("{|  'hooks': { /* none */ }|}", "{|  'hooks': { /* none */ 'PreToolUse': [{'m':1}] }|}")]
    [InlineData(
        "{|  'hooks': {|    // none|  }|}",
        "{|  'hooks': {|    // none|    'PreToolUse': [|      {|        'm': 1|      }|    ]|  }|}")]
    [InlineData("\uFEFF{}", "\uFEFF{|  'hooks': {|    'PreToolUse': [|      {|        'm': 1|      }|    ]|  }|}")]
    public void An_element_is_added_where_it_belongs(string before, string after)
    {
        byte[] file = Bytes(before);
        JsonEdit edit = JsonEditor.AddElement(file, _hooks, "{\"m\": 1}");
        Assert.Null(edit.Trouble);
        Assert.Equal(Text(Bytes(after)), Text(edit.Bytes));
        Assert.True(edit.IsChanged);
        JsonEdit again = JsonEditor.AddElement(edit.Bytes, _hooks, "{ \"m\":1 }");
        Assert.Same(edit.Bytes, again.Bytes);
        Assert.False(again.IsChanged);
        Assert.Equal(1, JsonEditor.Find(edit.Bytes, _hooks, out _)!.Value.EnumerateArray().Count(each => IsOurs(each)));
    }

    [Fact]
    public void Line_ends_of_Windows_stay()
    {
        byte[] file = Encoding.UTF8.GetBytes("{\r\n  \"a\": 1 // one\r\n}\r\n");
        byte[] added = JsonEditor.AddElement(file, ["h"], "2").Bytes;
        Assert.Equal("{\r\n  \"a\": 1, // one\r\n  \"h\": [\r\n    2\r\n  ]\r\n}\r\n", Encoding.UTF8.GetString(added));
        Assert.Equal(file, JsonEditor.RemoveElements(added, ["h"], _ => true).Bytes);
    }

    [Theory]
    [InlineData("{'x':{'a':[1,2,3]}}", "{'x':{'a':[1,3]}}")]
    [InlineData("{'x':{'a':[ 2, 3 ]}}", "{'x':{'a':[ 3 ]}}")]
    [InlineData("{'x':{'a':[2, 3]}}", "{'x':{'a':[3]}}")]
    [InlineData("{'x':{'a':[2]},'y':1}", "{'y':1}")]
    [InlineData("{'y':1,'x':{'a':[2,2]}}", "{'y':1}")]
    [InlineData("{'x':{'a':[2]}}", "{}")]
    [InlineData("{|  'x': {|    'a': [|      2,|    ],|  },|  'y': 1,|}", "{|  'y': 1,|}")]
    [InlineData(
        "{|  'x': {|    'a': [|      1, // one|      2 // two|    ]|  }|}",
        "{|  'x': {|    'a': [|      1 // one| // two|    ]|  }|}")]
    [InlineData("{|  'x': {|    'a': [|      // mine|      2|    ]|  }|}", "{|  'x': {|    'a': [|      // mine|    ]|  }|}")]
    [InlineData("{'x': {'a': [1, // c|2, 3]}}", "{'x': {'a': [1, // c|3]}}")]
    [InlineData("{'x':{'a':[]}}", "{'x':{'a':[]}}")]
    [InlineData("{'x':{}}", "{'x':{}}")]
    [InlineData("{'x':{'a':[1]}}", "{'x':{'a':[1]}}")]
    [InlineData("", "")]
    public void Elements_go_and_so_do_the_containers_that_they_leave_empty(string before, string after)
    {
        JsonEdit edit = JsonEditor.RemoveElements(
            Bytes(before), ["x", "a"], element => element.ValueKind == JsonValueKind.Number && element.GetInt32() == 2);
        Assert.Null(edit.Trouble);
        Assert.Equal(Text(Bytes(after)), Text(edit.Bytes));
        Assert.Equal(before != after, edit.IsChanged);
    }

    [Fact]
    public void Containers_that_are_to_be_kept_stay() =>
        Assert.Equal("{\"x\":{}}", Text(JsonEditor.RemoveElements(Bytes("{'x':{'a':[2]}}"), ["x", "a"], _ => true, keep: 1).Bytes));

    [Theory]
    [InlineData("{'m': {'k': 1}}", "{'m': {'k': {'c':'é<>'}}}")]
    [InlineData("{|  'm': {|    'k': 'old' // why|  }|}", "{|  'm': {|    'k': {|      'c': 'é<>'|    } // why|  }|}")]
    [InlineData("{'m':{'j':0}}", "{'m':{'j':0, 'k': {'c':'é<>'}}}")]
    [InlineData("", "{|  'm': {|    'k': {|      'c': 'é<>'|    }|  }|}|")]
    public void A_member_is_set(string before, string after)
    {
        JsonEdit edit = JsonEditor.SetMember(Bytes(before), ["m", "k"], "{\"c\":\"\u00e9<>\"}");
        bool isLine = !before.Contains('|', StringComparison.Ordinal) && before.Length > 0
            && before.Contains("'k'", StringComparison.Ordinal);
        string expected = isLine ? "{'m': {'k': {|  'c': 'é<>'|}}}" : after;
        Assert.Equal(Text(Bytes(expected)), Text(edit.Bytes));
        Assert.False(JsonEditor.SetMember(edit.Bytes, ["m", "k"], "{\"c\":\"\u00e9<>\"}").IsChanged);
    }

    [Fact]
    public void A_member_is_removed()
    {
        byte[] file = Bytes("{|  'mcp': {|    'klock': { 'command': 'klock' },|    'other': {}|  }|}");
        JsonEdit edit = JsonEditor.RemoveMember(file, ["mcp", "klock"]);
        Assert.Equal(Text(Bytes("{|  'mcp': {|    'other': {}|  }|}")), Text(edit.Bytes));
        Assert.Equal("{}", Text(JsonEditor.RemoveMember(edit.Bytes, ["mcp", "other"]).Bytes));
        Assert.False(JsonEditor.RemoveMember(file, ["mcp", "none"]).IsChanged);
    }

    [Theory]
    [InlineData("{|  'hooks': {|    'a' 1|  }|}", 3, 9, "Expected a ':'")]
    [InlineData("{'a': 1", 1, 8, "invalid end of a number")]
    [InlineData("{'a': }", 1, 7, "'}' is an invalid start of a value")]
    [InlineData("{'a': [] /* , */ 'b': 1}", 1, 18, "invalid after a value")]
    [InlineData("[1] x", 1, 5, "'x' is invalid after a single JSON value")]
    [InlineData("/x", 1, 1, "'/' is an invalid start")]
    [InlineData("/* x", 1, 1, "comment")]
    [InlineData("/*/", 1, 1, "comment")]
    [InlineData("\uFEFF{'é' 1}", 1, 6, "Expected a ':'")]
    [InlineData("{'a': 1,|'a': 2}", 2, 1, "\"a\" stands twice")]
    [InlineData("{'x': [{'a': 1, 'b': {}, 'a': 2}]}", 1, 26, "\"a\" stands twice")]
    [InlineData("{'a': 1, '\\u0061': 2}", 1, 10, "\"a\" stands twice")]
    [InlineData("[]", 1, 1, "the file is an array; expected an object")]
    [InlineData("{|  'hooks': []|}", 2, 12, "\"hooks\" is an array; expected an object")]
    [InlineData("{'hooks': {'PreToolUse': 'x'}}", 1, 26, "expected an array")]
    [InlineData("{'hooks': null}", 1, 11, "expected an object")]
    [InlineData("{'a': '\\ud800'}", 1, 1, "UTF-16")]
    public void What_cannot_be_read_is_not_changed(string text, int line, int column, string message)
    {
        byte[] file = Bytes(text);
        JsonEdit edit = JsonEditor.AddElement(file, _hooks, "1");
        Assert.Same(file, edit.Bytes);
        Assert.False(edit.IsChanged);
        Assert.Contains(message, edit.Trouble!.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (edit.Trouble.Line, edit.Trouble.Column));
        Assert.DoesNotContain("LineNumber", edit.Trouble.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_UTF8_or_too_large_or_too_deep_is_not_changed()
    {
        Assert.Equal(new JsonTrouble(1, 8, "not UTF-8"), JsonEditor.SetMember([.. "{\"a\": \""u8, 0xFF, .. "\"}"u8], ["b"], "1").Trouble);
        Assert.Contains("at most", JsonEditor.SetMember(new byte[JsonLayout.MaxLength + 1], ["b"], "1")
            .Trouble!.Message, StringComparison.Ordinal);
        byte[] deep = Encoding.UTF8.GetBytes(new string('[', JsonLayout.MaxDepth + 1) + new string(']', JsonLayout.MaxDepth + 1));
        Assert.Contains("depth", JsonEditor.SetMember(deep, ["b"], "1").Trouble!.Message, StringComparison.Ordinal);
    }

    private static bool IsOurs(JsonElement element) => element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty("m", out JsonElement m) && m.GetInt32() == 1;

    // Quotes and line ends as they can be read in a table.
    private static byte[] Bytes(string text) =>
        Encoding.UTF8.GetBytes(text.Replace('\'', '"').Replace('|', '\n'));

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
