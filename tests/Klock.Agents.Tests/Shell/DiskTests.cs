using Klock.Agents.Shell;
using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Tests.Shell;

/// <summary>Patterns and folders, held against real files.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("klock[a]").FullName;

    public DiskTests()
    {
        foreach (string path in (string[])["a.o", "b.o", ".c.o", "src/x.ts", "src/y.ts", "src/deep/z.ts", "app/[id]/page.tsx", "we ird.o"])
        {
            string full = Path.Combine(_folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, "");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("rm *.o", "-a.o -b.o -we ird.o")]
    [InlineData("rm .*.o [ab].o", "-.c.o -a.o -b.o")]
    [InlineData("rm [!a].o ?.o", "-b.o -a.o")]
    [InlineData("rm */?.ts", "-src/x.ts -src/y.ts")]
    [InlineData("rm s*/d*/*", "-src/deep/z.ts")]
    [InlineData("rm *.none", "")]
    [InlineData("rm \"*\".o", "-*.o")]
    [InlineData("rm app/[id]/page.tsx", "-app/[id]/page.tsx")]
    [InlineData("for f in src/*.ts; do sed -i s/a/b/ \"$f\"; done", "~src/x.ts ~src/y.ts")]
    [InlineData("P='*.o'; rm $P", "-a.o -b.o -we ird.o")]
    [InlineData("rm -r src a.o", "-src/ -a.o")]
    [InlineData("mv a.o src", "a.o>src/a.o")]
    [InlineData("mv src lib", "src>lib/")]
    [InlineData("cp a.o b.o", "=b.o")]
    [InlineData("prettier --write src", "~src/")]
    [InlineData("prettier --write 'app/[id]/*.tsx'", "~app/[id]/")]
    [InlineData("git checkout a.o", "=a.o")]
    [InlineData("git checkout main", "TREE INDEX")]
    [InlineData("git checkout a.o b.o", "=a.o =b.o")]
    [InlineData("git restore src", "=src/")]
    public void Patterns_and_folders_are_looked_up(string command, string effects)
    {
        ShellEffects found = ShellReader.Read(command, new ShellContext(_folder, Files: new DiskView()));
        Assert.Equal(effects,
            Effects.Line(found).Replace(_folder + "/", "", StringComparison.Ordinal).Replace($"({_folder})", "", StringComparison.Ordinal));
    }
}
