using System.Text;
using CsCheck;

namespace Klock.Agents.Tests.Install;

/// <summary>JSON files as people and programs write them: any indentation and line ends, comments, trailing commas, a byte order
/// mark.</summary>
internal static class JsonTextGen
{
    /// <summary>The keys of which paths are made.</summary>
    public static readonly string[] Keys = ["hooks", "b", "ключ", "a \"b\""];

    /// <summary>Whole files, the root of which is an object.</summary>
    public static Gen<string> Files => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 4])
        .Select((seed, style) => new Writer(seed, style).File());

    // One pseudo-random choice after the other: the text and its layout are made in one go.
    private sealed class Writer(int seed, int style)
    {
        private readonly Random _random = new(seed);
        private readonly StringBuilder _text = new();
        private readonly string _newLine = style == 4 ? "\r\n" : "\n";
        private readonly string _unit = style switch { 1 => "\t", 2 => "    ", _ => "  " };
        private readonly bool _isLoose = seed % 3 == 0;
        private readonly bool _isLine = style == 3;

        public string File()
        {
            _text.Append(_random.Next(5) == 0 ? "\uFEFF" : "");
            Comment("");
            Object(0);
            Comment("");
            _text.Append(_random.Next(2) == 0 ? _newLine : "");
            return _text.ToString();
        }

        private void Value(int depth)
        {
            switch (_random.Next(depth > 4 ? 3 : 7))
            {
                case 0: _text.Append(_random.Next(-5, 100)); break;
                case 1: _text.Append("\"text // no comment, } \\\" é\""); break;
                case 2: _text.Append("true"); break;
                case 3 or 4: Object(depth); break;
                default: Container('[', ']', depth, _random.Next(4), _ => Value(depth + 1)); break;
            }
        }

        private void Object(int depth)
        {
            string[] keys = [.. Keys.Where(_ => _random.Next(2) == 0).OrderBy(_ => _random.Next())];
            Container('{', '}', depth, keys.Length, i =>
            {
                _text.Append('"').Append(keys[i].Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\":").Append(_isLine ? "" : " ");
                Value(depth + 1);
            });
        }

        private void Container(char open, char close, int depth, int count, Action<int> member)
        {
            _text.Append(open);
            bool isLine = _isLine || _random.Next(5) == 0;
            string indent = string.Concat(Enumerable.Repeat(_unit, depth + 1));
            for (int i = 0; i < count; i++)
            {
                _text.Append(isLine ? (i > 0 ? " " : "") : _newLine + indent);
                Comment(indent);
                member(i);
                bool isLast = i == count - 1;
                Comment(isLine || !isLast ? indent : null);
                _text.Append(!isLast || (_isLoose && _random.Next(2) == 0) ? "," : "");
                Comment(isLine ? indent : null);
            }

            _text.Append(isLine || count == 0 ? "" : _newLine + indent[.._unit.Length] + "").Append(close);
        }

        // A comment to the end of a line only where a line end follows: with null it is the caller's.
        private void Comment(string? indent)
        {
            if (!_isLoose)
            {
                return;
            }

            switch (_random.Next(6))
            {
                case 0: _text.Append(" /* , } */ "); break;
                case 1 when indent is null: _text.Append(" // , ]"); break;
                case 1: _text.Append(" // , ]").Append(_newLine).Append(indent); break;
                default: break;
            }
        }
    }
}
