using System.CommandLine;
using System.CommandLine.Help;

namespace Klock;

/// <summary>Checks the words of a command line against the options of a command before they are parsed.</summary>
/// <remarks>
/// The parser takes what it does not know for a value or an argument: a mistyped option would be a lease's id or a command, and an
/// option whose variable was empty would swallow the next one, and protect a file that nobody meant.
/// </remarks>
internal static class Typing
{
    private const string End = "--";

    /// <summary>Finds what cannot be meant: an unknown option, one without its value, an empty word, a word that nothing takes.</summary>
    /// <param name="verb">The command, with its own options.</param>
    /// <param name="global">Options that every command has.</param>
    /// <param name="words">What was typed after the command's name.</param>
    /// <param name="hasCommand">Whether its arguments are another command, which comes after <c>--</c>.</param>
    /// <returns>What is wrong, without an end to the sentence; null when nothing is.</returns>
    public static string? Problem(Command verb, IEnumerable<Option> global, ReadOnlySpan<string> words, bool hasCommand = false)
    {
        Option[] options = [.. verb.Options, .. global];
        HashSet<Option> given = [];
        int end = words.IndexOf(End), plain = 0;
        end = end < 0 ? words.Length : end;
        for (int i = 0; i < words.Length; i++)
        {
            string? problem = i == end || (i > end && hasCommand) ? null
                : i < end && IsOption(words[i]) ? OfOption(options, given, words, ref i)
                : OfPlain(verb, words[i], ++plain, hasCommand);
            if (problem is not null)
            {
                return problem;
            }
        }

        // A command line that asks for help need not be complete.
        Argument? missing = verb.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0).Skip(plain).FirstOrDefault();
        return missing is null || hasCommand || given.Any(option => option is HelpOption) ? null : $"{missing.Name} is missing";
    }

    private static string? OfOption(Option[] options, HashSet<Option> given, ReadOnlySpan<string> words, ref int at)
    {
        string word = words[at], name = word.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 ? word[..equals] : word;
        string? value = name.Length < word.Length ? word[(name.Length + 1)..] : null;
        if (Array.Find(options, known => known.Name == name || known.Aliases.Contains(name)) is not { } option)
        {
            return $"there is no option {name}{Nearest.Hint(name, options.Where(known => !known.Hidden).Select(known => known.Name))}";
        }

        bool isFirst = given.Add(option);
        if (option.Arity.MaximumNumberOfValues == 0)
        {
            return value is null ? null : $"{name} takes no value, and got '{value}'";
        }

        if (!isFirst && option.Arity.MaximumNumberOfValues == 1)
        {
            return $"{name} is given twice";
        }

        if (value is null)
        {
            // The next word is its value.
            at++;
            value = at < words.Length && words[at] != End ? words[at] : null;
            if (value is not null && IsOption(value))
            {
                return $"{name} has no value: '{value}' looks like an option. If it is meant, say {name}={value}";
            }
        }

        return value switch { null => $"{name} has no value", "" => $"{name} is empty: it must have a value", _ => null };
    }

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    private static string? OfPlain(Command verb, string word, int count, bool hasCommand) =>
        word.Length == 0 ? "an argument is empty"
        : hasCommand ? $"'{word}' is not expected: the command comes after --"
        : verb.Arguments.Count == 0 ? $"'{word}' is not expected: {verb.Name} takes options only"
        : count > verb.Arguments.Sum(argument => argument.Arity.MaximumNumberOfValues) ? $"'{word}' is not expected: it is one too many"
        : null;
}
