namespace Klock.Agents.Shell.Verbs;

/// <summary>A tool that rewrites the source files it is given.</summary>
/// <param name="Names">Its programs, separated by blanks.</param>
/// <param name="Command">The word for that after its name, such as <c>format</c>; several separated by blanks; empty for none.</param>
/// <param name="Writes">The options without one of which it only looks; empty where it writes by itself.</param>
/// <param name="Looks">The options with one of which it only looks.</param>
/// <param name="Values">Options that take a value, as <see cref="Options.Read"/> has them.</param>
/// <param name="IsWhole">Whether it takes the folder in which it runs when it is given nothing.</param>
/// <param name="OnlyLooks">Whether these commands of the tool never write.</param>
internal sealed record Formatter(
    string Names, string Command = "", string Writes = "", string Looks = "", string Values = "",
    bool IsWhole = false, bool OnlyLooks = false)
{
    private static readonly Argument _here = Argument.Of("./");

    /// <summary>Reads a call; false when it is about another command of the tool.</summary>
    public bool Read(Call call)
    {
        IReadOnlyList<Argument> arguments = call.Arguments;
        if (Command.Length > 0)
        {
            int at = arguments.TakeWhile(argument => argument.Text?.StartsWith('-') == true).Count();
            if (at == arguments.Count || arguments[at].Text is not { } word || !Command.Split(' ').Contains(word))
            {
                return false;
            }

            arguments = [.. arguments.Take(at), .. arguments.Skip(at + 1)];
        }

        Options options = Options.Read(arguments, Values);
        if (!OnlyLooks && (Writes.Length == 0 || options.Has(Writes)) && !options.Has(Looks + " help version"))
        {
            ToolPaths.Edit(call, options.Operands.Count == 0 && IsWhole ? [_here] : options.Operands);
        }

        return true;
    }
}
