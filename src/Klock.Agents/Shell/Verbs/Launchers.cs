namespace Klock.Agents.Shell.Verbs;

/// <summary>Package managers and interpreters, where they run a tool by its name: <c>npx</c>, <c>uvx</c>, <c>python -m</c>.</summary>
internal static class Launchers
{
    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        ("npx bunx pnpx", call => Behind(call, call.Arguments)),
        ("uvx", call => Behind(call, call.Arguments)),
        ("npm", call => After(call, "exec x")),
        ("pnpm yarn", call => After(call, "dlx exec run")),
        ("bun", call => After(call, "x run")),
        ("poetry pipenv pdm hatch rye pixi conda", call => After(call, "run")),
        ("uv", call => After(call, "run tool")),
        ("pipx", call => After(call, "run")),
        ("bundle mise rbenv asdf", call => After(call, "exec x")),
        ("python python3 py pypy3", Python),
    ];

    private static void Behind(Call call, IEnumerable<Argument> arguments)
    {
        Options options = Options.Read(
            [.. arguments], "p c w n package call workspace from with with-requirements python env-file extra group project",
            isPrefix: true);
        if (options.Value("c call") is { } text)
        {
            call.Context.Runner.RunText(text.Text ?? "", [], call.Folder);
        }
        else if (options.Operands is [{ Text: { } name }, ..])
        {
            // "prettier@3" and "black==24.1" are prettier and black.
            int version = name.IndexOfAny(['@', '='], 1);
            call.Run([Argument.Of(version < 0 ? name : name[..version]), .. options.Operands.Skip(1)]);
        }
        else
        {
            call.Unknown($"what {call.Name} runs is not known");
        }
    }

    // The word that says so, which may be missing before the name of a tool that is in the table: "yarn prettier --write".
    private static void After(Call call, string words)
    {
        Options options = Options.Read(call.Arguments, "C dir prefix cwd filter F w workspace project directory", isPrefix: true);
        IReadOnlyList<Argument> operands = options.Operands;
        if (operands is [{ Text: { } word }, ..] && words.Split(' ').Contains(word))
        {
            // "uv tool run black", "npm exec -- prettier".
            bool isLong = word == "tool" && operands is [_, { Text: "run" }, ..];
            Behind(call, operands.Skip(isLong ? 2 : 1));
        }
        else if (operands is [{ Text: { } tool }, ..] && call.Name is "yarn" or "pnpm" or "bun" && IsTool(tool))
        {
            call.Run(operands);
        }
        else if (operands is not [{ Text: "list" or "ls" or "view" or "info" or "outdated" or "why" or "audit" or "show" }, ..])
        {
            call.Unknown($"what {call.Name} {call.First.Source} writes is not known");
        }
    }

    private static bool IsTool(string name) => Formatters.Verbs.Any(entry => entry.Names == name);

    private static void Python(Call call)
    {
        int at = call.Arguments.TakeWhile(argument => argument.Text is { Length: > 1 } text && text[0] == '-'
            && text is not ("-m" or "-c")).Count();
        if (call.Arguments.Skip(at).FirstOrDefault().Text == "-m" && at + 1 < call.Arguments.Count)
        {
            call.Run(call.Arguments.Skip(at + 1));
        }
        else if (call.Arguments is not [{ Text: "--version" or "-V" or "--help" }])
        {
            call.Unknown($"{call.Name}: what its program writes is not known");
        }
    }
}
