using System.Text;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Cli.Originals;

/// <summary>The words of the original's triples and database, <c>Mutates</c> and <c>ApiEndpoint</c>, beside those of the wire.</summary>
internal static class OriginalWords
{
    /// <summary>Reads a predicate.</summary>
    public static bool TryPredicate(string text, out Predicate predicate) => PredicateNames.TryParse(ToSnake(text), out predicate);

    /// <summary>Reads a type of resource.</summary>
    public static bool TryType(string text, out ResourceType type) => ResourceTypeNames.TryParse(ToSnake(text), out type);

    // "DependsOn" to "Depends_On": the wire's names are read in any case.
    private static string ToSnake(string text)
    {
        var snake = new StringBuilder(text.Length + 2);
        for (int i = 0; i < text.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(text[i]) && char.IsAsciiLetterLower(text[i - 1]))
            {
                snake.Append('_');
            }

            snake.Append(text[i]);
        }

        return snake.ToString();
    }
}
