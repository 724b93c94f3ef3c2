using Klock.Agents.Shell;

namespace Klock.Agents.Tests.Shell;

/// <summary>What single commands write. The notation is that of <see cref="Effects"/>.</summary>
public sealed class VerbTests
{
    [Theory]
    [InlineData("rm a b", "-a -b")]
    [InlineData("rm -rf build dist/", "-build/ -dist/")]
    [InlineData("rm a -f", "-a")]
    [InlineData("rm -- -f", "--f")]
    [InlineData("unlink a", "-a")]
    [InlineData("rmdir d", "-d")]
    [InlineData("\\rm a", "-a")]
    [InlineData("/bin/rm /etc/x", "-/etc/x")]
    [InlineData("touch a sub/b", "+a +sub/b")]
    [InlineData("touch -c a", "")]
    [InlineData("touch -d yesterday a", "+a")]
    [InlineData("truncate -s 0 log", "=log")]
    [InlineData("echo x | tee a b", "=a =b")]
    [InlineData("echo x | tee -a a >/dev/null", "~a")]
    [InlineData("dd if=/dev/zero of=img bs=1M count=1", "=img")]
    [InlineData("sort -u names -o names", "=names")]
    [InlineData("sort -k 2 names", "")]
    [InlineData("uniq in out", "=out")]
    [InlineData("gcc -O2 -o prog main.c", "=prog")]
    [InlineData("curl -sSL https://x.example/a/b.json -o b.json", "=b.json")]
    [InlineData("curl -O https://x.example/a/b.json?v=1", "=b.json")]
    [InlineData("curl https://x.example", "")]
    [InlineData("wget -O - https://x.example", "")]
    public void Files_are_made_filled_and_removed(string command, string effects) => Assert.Equal(effects, Effects.Of(command));

    [Theory]
    [InlineData("mv a b", "a>b")]
    [InlineData("mv a b dir", "a>dir/a b>dir/b")]
    [InlineData("mv x/a dir/", "x/a>dir/a")]
    [InlineData("mv -t dir a x/b", "a>dir/a b>dir/b", "x/b>dir/b")]
    [InlineData("mv --target-directory=dir a", "a>dir/a")]
    [InlineData("mv -f ../a .", "/a>a")]
    [InlineData("cp a b", "=b")]
    [InlineData("cp -r src/ copy", "=copy/")]
    [InlineData("cp a b dir/", "=dir/a =dir/b")]
    [InlineData("cp -n a b", "+b")]
    [InlineData("cp file{,.bak}", "=file.bak")]
    [InlineData("install -m 755 tool bin/tool", "=bin/tool")]
    [InlineData("install -d a b", "")]
    [InlineData("ln -s ../target link", "+link")]
    [InlineData("ln -sf ../target link", "=link")]
    [InlineData("ln -s /opt/x/tool", "+tool")]
    [InlineData("rsync -a src/ out", "=out/")]
    [InlineData("rsync -an src/ out", "")]
    [InlineData("rsync -a src/ host:out", "")]
    public void Files_get_other_names(string command, string effects, string? instead = null) =>
        Assert.Equal(instead is null ? effects : effects.Replace("b>dir/b", instead, StringComparison.Ordinal), Effects.Of(command));

    [Theory]
    [InlineData("sed -i s/a/b/ f g", "~f ~g")]
    [InlineData("sed -i 's/a/b/' f", "~f")]
    [InlineData("sed -i '' 's/a/b/' f", "~f")]
    [InlineData("sed -i .bak 's/a/b/' f", "~f =f.bak")]
    [InlineData("sed -i.bak -e s/a/b/ -e s/c/d/ f", "~f =f.bak")]
    [InlineData("sed --in-place=.orig 's/a/b/' f", "~f =f.orig")]
    [InlineData("sed -ni 's/a/b/p' f", "~f")]
    [InlineData("sed -n -e 's/a/b/p' -i f", "~f")]
    [InlineData("sed 's/a/b/' -i f", "~f")]
    [InlineData("sed -E -i 's/(a)/b/' src/a.ts", "~src/a.ts")]
    [InlineData("sed -i -f script.sed f", "~f")]
    [InlineData("sed -n '1,20p' f", "")]
    [InlineData("sed 's/a/b/' f > g", "=g")]
    [InlineData("perl -pi -e 's/a/b/' f g", "~f ~g")]
    [InlineData("perl -i.bak -pe 's/a/b/' f", "~f =f.bak")]
    [InlineData("perl -0pi -e 's/a/b/' f", "~f")]
    [InlineData("perl -pi script.pl f", "~f ?")]
    [InlineData("perl -e 'print 1'", "?")]
    [InlineData("ruby -pi -e 'gsub(1, 2)' f", "~f")]
    [InlineData("gawk -i inplace '{print $1}' f", "~f")]
    [InlineData("awk '{print $1}' f", "")]
    [InlineData("awk '{print > \"out\"}' f", "?")]
    [InlineData("yq -i '.a = 1' f.yml", "~f.yml")]
    [InlineData("yq eval -i '.a = 1' f.yml", "~f.yml")]
    [InlineData("yq '.a' f.yml", "")]
    [InlineData("sd before after f", "~f")]
    [InlineData("ed -s f <<EOF\n1d\nw\nEOF\n", "~f")]
    [InlineData("ex -sc '%s/a/b/|x' f", "~f")]
    [InlineData("vim -c wq +12 f", "~f")]
    public void Editors_change_files_in_place(string command, string effects) => Assert.Equal(effects, Effects.Of(command));

    [Theory]
    [InlineData("apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: a\n@@\n-x\n+y\n*** Add File: b\n+z\n*** End Patch\nEOF\n", "~a +b")]
    [InlineData("cd sub && apply_patch <<EOF\n*** Begin Patch\n*** Delete File: a\n*** End Patch\nEOF", "-sub/a")]
    [InlineData("apply_patch \"*** Begin Patch\n*** Update File: a\n*** Move to: b\n*** End Patch\"", "a>b")]
    [InlineData("cat <<'EOF' | apply_patch\n*** Update File: a\nEOF\n", "~a")]
    [InlineData("apply_patch < p.txt", "?")]
    [InlineData("apply_patch 'nothing of the kind'", "?")]
    [InlineData("patch src/a.c < p.diff", "~src/a.c")]
    [InlineData("patch -p1 < p.diff", "?")]
    [InlineData("patch -p1 -i p.diff", "?")]
    [InlineData("patch -p1 --dry-run < p.diff", "")]
    [InlineData("patch -p1 <<'EOF'\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1 +1 @@\n-a\n+b\nEOF\n", "~src/x.c")]
    public void Patches_name_their_files(string command, string effects) => Assert.Equal(effects, Effects.Of(command));

    [Fact]
    public void A_long_patch_in_quotes_is_read_whole()
    {
        string patch = "*** Begin Patch\n*** Add File: a\n"
            + $"{string.Concat(Enumerable.Repeat("+{ x, y }\n", 5_000))}*** Delete File: b\n*** End Patch";
        Assert.Equal("+a -b", Effects.Of($"apply_patch \"{patch}\""));
        Assert.Equal("+a -b", Effects.Of($"apply_patch '{patch}'"));
        Assert.Equal("+a -b", Effects.Of($"apply_patch <<X\n{patch}\nX"));
    }

    [Theory]
    [InlineData("tar xzf a.tgz", "=./")]
    [InlineData("tar -x -f a.tar -C out", "=out/")]
    [InlineData("tar -czf a.tgz src", "=a.tgz")]
    [InlineData("tar tf a.tar", "")]
    [InlineData("unzip -o a.zip -d out", "=out/")]
    [InlineData("unzip -l a.zip", "")]
    [InlineData("zip -r a.zip src", "=a.zip")]
    [InlineData("7z x a.7z -oout", "=out/")]
    [InlineData("gzip log", "=log.gz -log")]
    [InlineData("gunzip -k log.gz", "=log")]
    [InlineData("gzip -c log > x.gz", "=x.gz")]
    public void Archives_fill_folders(string command, string effects) => Assert.Equal(effects, Effects.Of(command));

    [Theory]
    [InlineData("cat a b")]
    [InlineData("ls -la && grep -rn foo src | head -5")]
    [InlineData("echo hello > /dev/null 2>&1")]
    [InlineData("echo hello >&2")]
    [InlineData("make_nothing() { rm a; }")]
    [InlineData("[ -f a ] && echo yes")]
    [InlineData("test -d a || echo no")]
    [InlineData("mkdir -p a/b")]
    [InlineData("chmod +x run.sh")]
    [InlineData("# rm -rf a")]
    [InlineData("echo '> a; rm b'")]
    [InlineData("node --version")]
    [InlineData("diff <(sort a) <(sort b)")]
    [InlineData("x=1")]
    [InlineData("")]
    public void Commands_that_look_write_nothing(string command) => Assert.Equal("", Effects.Of(command));

    [Theory]
    [InlineData("cat a b/c", "a b/c")]
    [InlineData("head -n 5 a && tail -20 b", "a b")]
    [InlineData("sed -n '1,20p' a", "a")]
    [InlineData("cd b && nl -ba c | grep x", "b/c")]
    [InlineData("cat $unknown < a", "")]
    [InlineData("sed -i s/a/b/ a; grep x a; echo cat a", "")]
    public void Commands_that_show_files_read_them(string command, string files) => Assert.Equal(
        files.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(file => $"{Effects.Start}/{file}"),
        ShellReader.Read(command, new ShellContext(Effects.Start)).Reads);

    [Theory]
    [InlineData("./build.sh")]
    [InlineData("make all")]
    [InlineData("npm test")]
    [InlineData("python script.py")]
    [InlineData("python -c 'open(\"a\",\"w\")'")]
    [InlineData("node -e 'x'")]
    [InlineData("bash run.sh")]
    [InlineData("source env.sh")]
    [InlineData("$TOOL a")]
    [InlineData("eval \"$CMD\"")]
    [InlineData("cargo build")]
    [InlineData("dotnet test")]
    [InlineData("ssh host rm a")]
    [InlineData("bin/mytool a")]
    [InlineData("./sed -i s/a/b/ f")]
    public void What_nobody_can_know_is_said(string command) => Assert.Equal("?", Effects.Of(command));
}
