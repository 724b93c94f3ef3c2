namespace Klock.Agents.Shell.Verbs;

/// <summary>A command's arguments as getopt reads them: flags, flags with values, and the rest, in any order.</summary>
internal sealed class Options
{
    private readonly List<(string Name, Argument? Value)> _flags = [];
    private readonly List<Argument> _operands = [];

    private Options()
    {
    }

    /// <summary>What is no option and no option's value.</summary>
    public IReadOnlyList<Argument> Operands => _operands;

    /// <summary>Reads arguments.</summary>
    /// <param name="arguments">Without the command's name.</param>
    /// <param name="values">Options with a value, without dashes, separated by blanks: <c>"t S suffix"</c>. With a question mark after it
    /// (<c>"i?"</c>) only what is attached is its value.</param>
    /// <param name="isPrefix">Whether options end at the first operand, as with <c>sudo</c>.</param>
    public static Options Read(IReadOnlyList<Argument> arguments, string values = "", bool isPrefix = false)
    {
        Options options = new();
        HashSet<string> withValue = [.. values.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        int at = 0;
        while (at < arguments.Count)
        {
            Argument argument = arguments[at++];
            if (argument.Text is not { Length: > 1 } text || text[0] != '-')
            {
                options._operands.Add(argument);
                if (isPrefix)
                {
                    break;
                }
            }
            else if (text == "--")
            {
                break;
            }
            else
            {
                at += text[1] == '-' ? options.Long(text, arguments, at, withValue) : options.Short(text, arguments, at, withValue);
            }
        }

        options._operands.AddRange(arguments.Skip(at));
        return options;
    }

    /// <summary>Whether one of these options is there; names without dashes, separated by blanks.</summary>
    public bool Has(string names) => names.Split(' ').Any(name => _flags.Exists(flag => flag.Name == name));

    /// <summary>The last value of an option under one of its names; null without one.</summary>
    public Argument? Value(string names) => Values(names).Cast<Argument?>().LastOrDefault();

    /// <summary>The values of an option under all its names.</summary>
    public IEnumerable<Argument> Values(string names)
    {
        string[] all = names.Split(' ');
        return _flags.Where(flag => flag.Value is not null && all.Contains(flag.Name)).Select(flag => flag.Value!.Value);
    }

    // How many arguments more it takes.
    private int Long(string text, IReadOnlyList<Argument> arguments, int next, HashSet<string> withValue)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? text[2..] : text[2..equals];
        bool takes = equals < 0 && withValue.Contains(name) && next < arguments.Count;
        _flags.Add((name, equals >= 0 ? Argument.Of(text[(equals + 1)..]) : takes ? arguments[next] : null));
        return takes ? 1 : 0;
    }

    private int Short(string text, IReadOnlyList<Argument> arguments, int next, HashSet<string> withValue)
    {
        // Some tools (go, clang, terraform) have long options with one dash: they count both ways.
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (text.Length > 2)
        {
            _flags.Add((text[1..(equals < 2 ? text.Length : equals)], null));
        }

        if (withValue.Contains(text[1..]) && text.Length > 2 && next < arguments.Count)
        {
            _flags.Add((text[1..], arguments[next]));
            return 1;
        }

        for (int i = 1; i < text.Length; i++)
        {
            string name = text[i].ToString();
            string attached = text[(i + 1)..];
            if (withValue.Contains(name + "?"))
            {
                _flags.Add((name, Argument.Of(attached)));
                return 0;
            }

            if (withValue.Contains(name))
            {
                bool takes = attached.Length == 0 && next < arguments.Count;
                _flags.Add((name, takes ? arguments[next] : Argument.Of(attached)));
                return takes ? 1 : 0;
            }

            _flags.Add((name, null));
        }

        return 0;
    }
}
