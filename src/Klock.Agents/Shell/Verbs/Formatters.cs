namespace Klock.Agents.Shell.Verbs;

/// <summary>Formatters and fixers, by what makes them write.</summary>
internal static class Formatters
{
    private static readonly Formatter[] _all =
    [
        // JavaScript and its kin.
        new("prettier prettierd", Writes: "w write", Looks: "c check l list-different",
            Values: "config parser plugin ignore-path log-level stdin-filepath tab-width print-width"),
        new("eslint eslint_d", Writes: "fix", Looks: "fix-dry-run", IsWhole: true,
            Values: "c f o config ext rule format output-file max-warnings ignore-path ignore-pattern "
                + "parser plugin resolve-plugins-relative-to"),
        new("stylelint", Writes: "fix", Values: "config f formatter custom-syntax"),
        new("standard xo", Writes: "fix", IsWhole: true),
        new("biome", Command: "format lint check", Writes: "write fix apply apply-unsafe", IsWhole: true, Values: "config-path"),
        new("dprint", Command: "fmt", IsWhole: true, Values: "c config"),
        new("deno", Command: "fmt", Looks: "check", IsWhole: true, Values: "c config ext"),
        // Python.
        new("black blue", Looks: "check diff c code",
            Values: "l t c line-length target-version code config include exclude extend-exclude force-exclude workers"),
        new("isort", Looks: "c check check-only diff d stdout",
            Values: "l p sp settings-path profile line-length project src known-first-party"),
        new("ruff", Command: "format", Looks: "check diff", IsWhole: true, Values: "config exclude line-length target-version"),
        new("ruff", Command: "check", Writes: "fix fix-only unsafe-fixes", Looks: "diff no-fix", IsWhole: true,
            Values: "config select ignore extend-select exclude line-length target-version output-format"),
        new("ruff", Command: "rule config linter clean version server analyze help", OnlyLooks: true),
        new("autopep8 autoflake docformatter", Writes: "i in-place", Values: "j max-line-length imports select ignore exclude"),
        new("yapf", Writes: "i in-place", Values: "style e exclude l lines"),
        new("pyupgrade reorder-python-imports"),
        // Go, Rust, C.
        new("gofmt gofumpt", Writes: "w", Values: "r"),
        new("goimports golines gci", Writes: "w", Values: "local m srcdir"),
        new("go", Command: "fmt fix", IsWhole: true),
        new("rustfmt", Looks: "check", Values: "edition config emit config-path"),
        new("cargo", Command: "fmt", Looks: "check", IsWhole: true, Values: "p package manifest-path"),
        new("cargo", Command: "fix", IsWhole: true, Values: "p package"),
        new("cargo", Command: "clippy", Writes: "fix", IsWhole: true, Values: "p package"),
        new("clang-format", Writes: "i", Looks: "n dry-run", Values: "style fallback-style lines assume-filename"),
        new("clang-tidy", Writes: "fix fix-errors fix-notes", Values: "p checks config header-filter"),
        new("cmake-format gersemi", Writes: "i in-place", Values: "c"),
        new("zig", Command: "fmt", Looks: "check"),
        // The rest.
        new("shfmt", Writes: "w write", Looks: "d diff l list", Values: "i ln p"),
        new("csharpier", Command: "format", Looks: "write-stdout"),
        new("csharpier", Command: "check", OnlyLooks: true),
        new("stylua", Looks: "check"),
        new("taplo", Command: "fmt format", Looks: "check", IsWhole: true),
        new("terraform tofu", Command: "fmt", Looks: "check", IsWhole: true),
        new("buf", Command: "format", Writes: "w write", IsWhole: true),
        new("mix", Command: "format", Looks: "check-formatted", IsWhole: true),
        new("dart", Command: "format", Looks: "o output", IsWhole: true, Values: "l line-length"),
        new("rubocop", Writes: "a A autocorrect autocorrect-all auto-correct x fix-layout", IsWhole: true, Values: "c config only"),
        new("swiftformat", Looks: "lint dryrun"),
        new("swift-format", Command: "format", Writes: "i in-place"),
        new("ktlint", Writes: "F format", IsWhole: true),
        new("google-java-format", Writes: "i replace", Values: "lines"),
        new("php-cs-fixer", Command: "fix", Looks: "dry-run", IsWhole: true, Values: "config rules"),
        new("djlint", Writes: "reformat", Looks: "check"),
        new("nixfmt alejandra", Looks: "c check"),
    ];

    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        .. _all.SelectMany(tool => tool.Names.Split(' ')).Distinct().Where(name => name != "go")
            .Select(name => (name, (Verb)Format)),
        ("go", Go),
        ("dotnet", Dotnet),
        ("dotnet-format", call => DotnetFormat(call, call.Arguments)),
    ];

    private static void Format(Call call)
    {
        if (!TryFormat(call))
        {
            call.Unknown($"what {call.Name} {call.First.Source} writes is not known");
        }
    }

    // Every entry of the tool is asked: one that is about another command of it says so.
    private static bool TryFormat(Call call)
    {
        bool isKnown = false;
        foreach (Formatter tool in _all.Where(tool => tool.Names.Split(' ').Contains(call.Name)))
        {
            isKnown |= tool.Read(call);
        }

        return isKnown;
    }

    private static void Go(Call call)
    {
        switch (call.First.Text)
        {
            case "mod" or "get" when call.Arguments is [{ Text: "get" }, ..] or [_, { Text: "tidy" or "edit" or "init" }, ..]:
                call.EditAll([Argument.Of("go.mod"), Argument.Of("go.sum")]);
                break;
            case "vet" or "list" or "doc" or "version" or "env" or "mod" or null:
                break;
            default:
                Format(call);
                break;
        }
    }

    private static void Dotnet(Call call)
    {
        switch (call.First.Text)
        {
            case "format":
                DotnetFormat(call, [.. call.Arguments.Skip(1)]);
                break;
            case "csharpier":
                call.Run(call.Arguments);
                break;
            case "tool" when call.Arguments is [_, { Text: "run" }, ..]:
                call.Run(call.Arguments.Skip(2));
                break;
            case null or "--version" or "--info" or "--list-sdks" or "--list-runtimes":
                break;
            default:
                call.Unknown($"what dotnet {call.Arguments[0].Source} writes is not known");
                break;
        }
    }

    // The operand is a project or a solution, whose files lie around it.
    private static void DotnetFormat(Call call, IReadOnlyList<Argument> arguments)
    {
        Options options = Options.Read(arguments, "v exclude severity diagnostics verbosity report binarylog exclude-diagnostics");
        if (options.Has("verify-no-changes help h"))
        {
            return;
        }

        if (!options.Has("include"))
        {
            call.Change(Changes.ChangeKind.Edit, Argument.Of("."), isTree: true);
            return;
        }

        // "--include a b c": every word up to the next option.
        List<Argument> files = [.. options.Values("include")];
        int at = 0;
        while (at < arguments.Count && arguments[at].Text != "--include")
        {
            at++;
        }

        files.AddRange(arguments.Skip(at + 1).TakeWhile(argument => argument.Text?.StartsWith('-') != true));
        ToolPaths.Edit(call, files);
    }
}
