using System.Text.RegularExpressions;

namespace Klock.Tidy.Tests.Code;

/// <summary>Finds Python functions by indentation, in text whose comments and strings are blanked.</summary>
internal static class PythonFunctions
{
    private static readonly Regex _def = new(@"^\s*(async\s+)?def\s", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <summary>Every function and method, nested ones too; decorators are not counted.</summary>
    public static IEnumerable<CodeSpan> Find(string blanked)
    {
        string[] lines = blanked.Split('\n');
        for (int first = 0; first < lines.Length; first++)
        {
            if (_def.IsMatch(lines[first]))
            {
                yield return new CodeSpan(first + 1, LastLine(lines, first) + 1);
            }
        }
    }

    private static int LastLine(string[] lines, int first)
    {
        int last = first;
        for (int at = first + 1; at < lines.Length; at++)
        {
            string code = lines[at].Trim();
            // A closing bracket at the indentation of "def" still belongs to its parameter list.
            if (code.Length > 0 && code[0] != ')' && Indentation(lines[at]) <= Indentation(lines[first]))
            {
                break;
            }

            last = code.Length > 0 ? at : last;
        }

        return last;
    }

    private static int Indentation(string line) => line.Length - line.TrimStart().Length;
}
