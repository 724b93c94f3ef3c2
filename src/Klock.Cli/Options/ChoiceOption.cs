using System.CommandLine;
using System.CommandLine.Parsing;

namespace Klock.Cli.Options;

/// <summary>An option that holds one of some words, in any case.</summary>
internal sealed class ChoiceOption : Option<string>
{
    /// <param name="name">What is typed.</param>
    /// <param name="description">For the help.</param>
    /// <param name="words">The allowed values; the first is the default.</param>
    /// <param name="others">Aliases of these values. They are not in the help, to keep it short.</param>
    public ChoiceOption(string name, string description, string[] words, params (string Other, string Word)[] others)
        : base(name)
    {
        Description = $"{description} [default: {words[0]}]";
        HelpName = string.Join('|', words);
        DefaultValueFactory = _ => words[0];
        CompletionSources.Add(words);
        CustomParser = result => Parse(result, words, others);
    }

    private string? Parse(ArgumentResult result, string[] words, (string Other, string Word)[] others)
    {
        string text = result.Tokens is [Token token] ? token.Value : "";
        string? word = Array.Find(words, known => known.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? Array.Find(others, known => known.Other.Equals(text, StringComparison.OrdinalIgnoreCase)).Word;
        if (word is null)
        {
            result.AddError($"{Name} is '{text}': it must be one of {string.Join(", ", words)}{Nearest.Hint(text, words)}");
        }

        return word;
    }
}
