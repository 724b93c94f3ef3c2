namespace Klock.Tidy.Tests.Files;

/// <summary>What a file is written in, as far as the checks care.</summary>
internal enum Language
{
    /// <summary>Prose, data, project files: no functions to measure.</summary>
    Other,
    CSharp,
    C,
    Python,
    JavaScript,
    Shell,
}

/// <summary>Distinguishes languages by the ends of file names.</summary>
internal static class Languages
{
    /// <summary>C and C++ are one language here; so are JavaScript and TypeScript.</summary>
    public static Language Of(string path) => Path.GetExtension(path) switch
    {
        ".cs" => Language.CSharp,
        ".c" or ".h" or ".cc" or ".cpp" or ".hpp" => Language.C,
        ".py" or ".pyi" => Language.Python,
        ".js" or ".mjs" or ".cjs" or ".ts" or ".mts" or ".cts" => Language.JavaScript,
        ".sh" or ".ps1" => Language.Shell,
        _ => path == ".ci/run" ? Language.Shell : Language.Other,
    };
}
