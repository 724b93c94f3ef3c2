using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Shell.Verbs;

/// <summary>Commands that run the command behind them, as it is.</summary>
internal static class Wrappers
{
    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        ("sudo", call => Behind(call, "u g U C D h p r t T R user group prompt chdir")),
        ("doas", call => Behind(call, "u C")),
        ("nohup time setsid chronic unbuffer caffeinate exec builtin", call => Behind(call, "f o a format output")),
        ("command", Command),
        ("nice", call => Behind(call, "n adjustment")),
        ("ionice", call => Behind(call, "c n t class classdata")),
        ("chrt taskset", call => Behind(call, "", skipped: 1)),
        ("stdbuf", call => Behind(call, "i o e input output error")),
        ("timeout gtimeout", call => Behind(call, "k s kill-after signal", skipped: 1)),
        ("flock", call => Behind(call, "w E c timeout wait", skipped: 1)),
        ("strace ltrace", call => Behind(call, "e o p s")),
        ("watch", call => Behind(call, "n interval")),
        ("env", Environment),
        ("xargs gxargs", XArgs),
        ("find gfind", Find),
        ("fd fdfind", FileFinder),
        ("parallel entr", call => call.Unknown($"what {call.Name} runs is not known")),
        ("klock", Klock),
    ];

    private static void Behind(Call call, string values, int skipped = 0)
    {
        Options options = Options.Read(call.Arguments, values, isPrefix: true);
        call.Run(options.Operands.Skip(skipped).SkipWhile(operand => skipped == 0 && IsAssignment(operand)));
    }

    private static void Command(Call call)
    {
        Options options = Options.Read(call.Arguments, isPrefix: true);
        if (!options.Has("v V"))
        {
            call.Run(options.Operands);
        }
    }

    private static void Environment(Call call)
    {
        Options options = Options.Read(call.Arguments, "u C S unset chdir split-string", isPrefix: true);
        string? folder = options.Value("C chdir") is not { } chosen ? call.Folder
            : chosen.Text is { } text ? LexicalPath.Resolve(call.Folder, text) : null;
        if (options.Value("S split-string") is { } split)
        {
            call.Context.Runner.RunText(split.Text ?? "", [], folder);
        }

        call.Context.Runner.Run([.. options.Operands.SkipWhile(IsAssignment)], folder, call.Input);
    }

    private static bool IsAssignment(Argument argument) => argument.Text?.IndexOf('=', StringComparison.Ordinal) > 0;

    // What it reads becomes arguments that nobody knows before.
    private static void XArgs(Call call)
    {
        Options options = Options.Read(
            call.Arguments, "I n P L d a s E i? l? e? max-args max-procs max-lines delimiter arg-file replace", isPrefix: true);
        string? place = options.Value("I replace")?.Text ?? (options.Has("i") ? "{}" : null);
        Argument unknown = new(null, "what xargs reads");
        call.Run(place is { Length: > 0 } ? Replaced(options.Operands, place, unknown)
            : options.Operands.Count == 0 ? [] : options.Operands.Append(unknown));
    }

    private static IEnumerable<Argument> Replaced(IEnumerable<Argument> arguments, string place, Argument unknown) =>
        arguments.Select(argument => argument.Text?.Contains(place, StringComparison.Ordinal) == true ? unknown : argument);

    private static void Find(Call call)
    {
        Argument unknown = new(null, "what find finds");
        IReadOnlyList<Argument> all = call.Arguments;
        for (int i = 0; i < all.Count; i++)
        {
            switch (all[i].Text)
            {
                case "-exec" or "-execdir" or "-ok" or "-okdir":
                    Argument[] command = [.. all.Skip(i + 1).TakeWhile(argument => argument.Text is not (";" or "+"))];
                    call.Run(Replaced(command, "{}", unknown));
                    i += command.Length + 1;
                    break;
                case "-delete":
                    call.Unknown("find: which files it deletes is not known");
                    break;
                case "-fprint" or "-fprintf" or "-fls" or "-fprint0" when i + 1 < all.Count:
                    call.Change(Changes.ChangeKind.Overwrite, all[++i]);
                    break;
                default:
                    break;
            }
        }
    }

    private static void FileFinder(Call call)
    {
        Argument unknown = new(null, "what fd finds");
        int at = call.Arguments.TakeWhile(argument => argument.Text is not ("-x" or "--exec" or "-X" or "--exec-batch")).Count();
        Argument[] command = [.. Replaced(call.Arguments.Skip(at + 1), "{", unknown)];
        call.Run(command.Length == 0 || command.Contains(unknown) ? command : [.. command, unknown]);
    }

    private static void Klock(Call call)
    {
        if (call.Arguments is [{ Text: "run" }, ..])
        {
            call.Run(call.Arguments.SkipWhile(argument => argument.Text != "--").Skip(1));
        }
    }
}
