using System.Diagnostics;
using Klock.Agents.Changes;
using Klock.Agents.Shell;
using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Tests.Shell;

/// <summary>
/// What was said before, held against what bash, git and the tools then do to real files: whatever changed was said, and, where nothing is
/// unknown and no folder stands for what is in it, nothing else was said.
/// </summary>
public sealed class RealShellTests(RealShellTests.Template template) : IClassFixture<RealShellTests.Template>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("klock-shell").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("echo 1 > n; echo 2 >> a; : > b")]
    [InlineData("cat > 'new file' <<EOF\n$(rm b)\n> c\nEOF")]
    [InlineData("cat > n <<'EOF'\n$(rm b)\nEOF")]
    [InlineData("rm a \"c d\"; rm -f none sub/*.ts")]
    [InlineData("rm -r sub")]
    [InlineData("rm app/[id]/page.tsx")]
    [InlineData("rm -f {a,b} list{,.none} 2>/dev/null")]
    [InlineData("mv a sub && mv b new")]
    [InlineData("mv -t sub a b")]
    [InlineData("mv sub other")]
    [InlineData("cp a sub/ && cp -r sub copy && cp a{,.bak}")]
    [InlineData("ln -s a link && ln -sf b link")]
    [InlineData("sed -i 's/first/1st/' a sub/*.ts")]
    [InlineData("sed -i.bak -e 's/first/1st/' a")]
    [InlineData("sed -n 's/first/1st/p' a > n")]
    [InlineData("perl -pi -e 's/first/1st/' a 'c d'")]
    [InlineData("perl -i.orig -pe 's/first/1st/' a")]
    [InlineData("echo x | tee n | tee -a a > /dev/null")]
    [InlineData("dd if=a of=n bs=1 count=3 2>/dev/null")]
    [InlineData("sort -r list -o list")]
    [InlineData("truncate -s 3 a; touch n")]
    [InlineData("printf '1s/first/1st/\\nw\\nq\\n' | ed -s a")]
    [InlineData("cd sub && rm x.ts && cd .. && rm a")]
    [InlineData("(cd sub; rm x.ts); rm a")]
    [InlineData("cd sub || exit 1; for f in *.ts; do echo 1 > \"$f.new\"; done")]
    [InlineData("for f in a 'c d'; do sed -i s/first/1st/ \"$f\"; done")]
    [InlineData("f=a; g=\"$f.new\"; echo 1 > $g; bash -c 'rm \"$1\"' _ $f")]
    [InlineData("clean() { rm \"$1\"; }; clean a; clean 'c d'")]
    [InlineData("if [ -f a ]; then rm a; else rm b; fi")]
    [InlineData("case a in b) rm b;; a) rm a;; esac")]
    [InlineData("bash <<'EOF'\nrm a\nEOF")]
    [InlineData("eval 'rm a'; env X=1 nice rm b")]
    [InlineData("cat list | xargs rm")]
    [InlineData("find . -name '*.ts' -exec sed -i s/first/1st/ {} +")]
    [InlineData("find sub -name '*.ts' -delete")]
    [InlineData("tar cf t.tar sub && rm -r sub && tar xf t.tar")]
    [InlineData("gzip a; gunzip -c a.gz > n")]
    [InlineData("patch -p1 -s <<'EOF'\n--- a/b\n+++ b/b\n@@ -1,2 +1,2 @@\n-first b\n+1st b\n second\nEOF")]
    [InlineData("diff <(rm a) b > n || true")]
    [InlineData("[[ 1 > 0 ]] && (( 2 > 1 )) && rm a")]
    [InlineData("echo \"`rm a`\" ${X:-$(rm b)} > /dev/null 2>&1")]
    public void What_changes_was_said(string command)
    {
        foreach (string program in (string[])["ed -s", "patch -p1"])
        {
            bool isMissing = command.Contains(program, StringComparison.Ordinal) && !IsOnPath(program.Split(' ')[0]);
            Assert.SkipWhen(isMissing, $"needs {program.Split(' ')[0]}");
        }

        Compare(command);
    }

    [Theory]
    [InlineData("git diff > d.patch; git checkout -- a")]
    [InlineData("git stash -q; git stash pop -q")]
    [InlineData("git checkout -q topic -- b")]
    [InlineData("git stash -q && git checkout -q topic")]
    [InlineData("git reset -q --hard topic")]
    [InlineData("git merge -q topic")]
    [InlineData("git rm -q b && git mv 'c d' e")]
    [InlineData("git restore . && git restore --source topic b")]
    [InlineData("git restore --staged b; git reset -q; git add -A; git commit -qm 3; git branch x; git checkout -q -b new")]
    [InlineData("touch n && git clean -fdq")]
    [InlineData("git worktree add -q wt topic")]
    [InlineData("git show topic:b > b; git diff main topic | git apply --cached")]
    public void What_git_changes_was_said(string command) => Compare(command);

    private void Compare(string command)
    {
        Run(_folder, $"cp -a '{template.Folder}/.' .");
        ShellEffects said = ShellReader.Read(command, new ShellContext(_folder, Home: _folder, Top: _folder, Files: new DiskView()));
        Dictionary<string, string> before = Snapshot();
        Run(_folder, command);
        string[] changed = Changed(before, Snapshot());
        Assert.All(changed, path => Assert.True(
            said.Tree || said.Unknown.Count > 0 || said.Files.Any(file => Covers(file, path)),
            $"{path} changed, and only {Effects.Line(said)} was said"));
        bool isExact = !said.Tree && said.Unknown.Count == 0 && !said.Files.Any(file => file.IsTree);
        if (isExact && !command.Contains("-f", StringComparison.Ordinal))
        {
            string[] names = [.. said.Files.SelectMany(file => new[] { file.Path, file.NewPath }).OfType<string>()];
            bool isEither = command.StartsWith("if ", StringComparison.Ordinal) || command.StartsWith("case ", StringComparison.Ordinal)
                || command.Contains("none", StringComparison.Ordinal) || command.Contains("x.ts.new", StringComparison.Ordinal);
            Assert.All(names, name => Assert.True(isEither || changed.Contains(name),
                $"{name} was said, and only {string.Join(' ', changed)} changed"));
        }
    }

    private static bool IsOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static bool Covers(FileChange file, string path) => file.Path == path || file.NewPath == path
        || (file.IsTree && (path.StartsWith(file.Path + "/", StringComparison.Ordinal)
            || (file.NewPath is { } to && path.StartsWith(to + "/", StringComparison.Ordinal))));

    private static string[] Changed(Dictionary<string, string> before, Dictionary<string, string> after) =>
        [.. before.Keys.Union(after.Keys).Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path)).Order()];

    private Dictionary<string, string> Snapshot() => Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
        .Where(path => !path.StartsWith(Path.Combine(_folder, ".git") + "/", StringComparison.Ordinal))
        .ToDictionary(path => path, path => new FileInfo(path).LinkTarget ?? File.ReadAllText(path));

    private static void Run(string folder, string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = folder, ["GIT_CONFIG_NOSYSTEM"] = "1" },
        })!;
        Task<string> errors = shell.StandardError.ReadToEndAsync();
        shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, errors.Result);
    }

    /// <summary>The files with which every test begins: a repository with two branches and one change that is not committed.</summary>
    public sealed class Template : IDisposable
    {
        public Template()
        {
            foreach (string path in (string[])["a", "b", "c d", "sub/x.ts", "sub/y.ts", "sub/deep/z.ts", "app/[id]/page.tsx", "list"])
            {
                string full = Path.Combine(Folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                File.WriteAllText(full, path == "list" ? "a\nb\n" : $"first {path}\nsecond\n");
            }

            Run(Folder, "git init -q -b main && git config user.name t && git config user.email t@x.example && git add -A "
                + "&& git commit -qm 1 && git checkout -qb topic && echo topic > b && git rm -q list && git commit -qam 2 "
                + "&& git checkout -q main && echo dirty >> a");
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("klock-shell").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
