namespace Klock.Build.Setup;

/// <summary>A Debian package that some test needs and a fresh machine may lack.</summary>
/// <param name="Name">As apt knows it.</param>
/// <param name="Purpose">Which tests are skipped without it, for the message that it is missing.</param>
/// <param name="IsThere">Checks for the thing itself, not for the package: it may have been installed otherwise.</param>
internal sealed record TestPackage(string Name, string Purpose, Func<CancellationToken, Task<bool>> IsThere)
{
    /// <summary>The only list of what the tests need beside the build's own tools.</summary>
    public static TestPackage[] All { get; } =
    [
        Module("python3-pytest", "the Python and demo suites", "pytest"),
        Module("python3-venv", "the wheel's install into an empty venv", "ensurepip"),
        Module("python3-yaml", "the container suite", "yaml"),
        Program("buildah", "the image of a container", "buildah"),
        Program("debootstrap", "the base of that image", "debootstrap"),
        Program("crun", "running that image", "crun"),
        Program("iproute2", "the network of the documents' containers, and of the soak of many machines", "ip"),
        Program("openssl", "certificates for proxies", "openssl"),
        Program("systemd", "the check of the systemd unit", "systemd-analyze"),
        Program("prometheus", "the alerts and the dashboard", "prometheus"),
        Program("nginx-light", "the server behind nginx", "nginx"),
        Program("caddy", "the server behind Caddy", "caddy"),
        Program("mypy", "the Python type check", "mypy"),
        new("libpython3-dev", "the wheel in an embedded Python", _ => Task.FromResult(HasLibrary("libpython3.*.so*"))),
        Program("g++", "the C++ header and examples", "c++"),
        Program("pkg-config", "the use of klock.pc", "pkg-config"),
        Program("cmake", "the use of the CMake package", "cmake"),
        new("libsqlite3-dev", "the C host with an SQLite of its own", _ => Task.FromResult(File.Exists("/usr/include/sqlite3.h"))),
        Program("valgrind", "the C program's memory check", "valgrind"),
        Program("binutils", "the list of exported symbols", "nm"),
        Program("tmux", "the command line on a terminal", "tmux"),
        Program("chromium", "the documentation site and the dashboard in a browser", "chromium"),
        Program("gcc-aarch64-linux-gnu", "the products for linux-arm64", "aarch64-linux-gnu-gcc"),
        Program("qemu-system-arm", "running what was built for linux-arm64", "qemu-system-aarch64"),
        Program("shellcheck", "the check of the installer", "shellcheck"),
        Program("dash", "the installer in dash", "dash"),
        Program("busybox", "the installer in busybox", "busybox"),
        Program("ruby", "the Homebrew formula", "ruby"),
        Program("ed", "what a shell command writes, with the real ed", "ed"),
        Program("etcd-server", "the store in etcd", "etcd"),
        new("postgresql", "the store in PostgreSQL", _ => Task.FromResult(Directory.Exists("/usr/lib/postgresql"))),
        Program("etcd-client", "the users of a store in etcd", "etcdctl"),
        Program("patch", "what a shell command writes, with the real patch", "patch"),
        new("wine64", "running what was built for Windows",
            _ => Task.FromResult(File.Exists("/usr/lib/wine/wine64") || Tools.FindOnPath("wine64") is not null)),
    ];

    /// <summary>What <c>soak machines</c> needs.</summary>
    public static TestPackage[] OfMachines { get; } =
        [.. All.Where(package => package.Name is "iproute2" or "etcd-server" or "etcd-client")];

    /// <summary>What <c>fuzz</c> needs; no test needs it.</summary>
    public static TestPackage Fuzzer { get; } = Program("afl++", "the fuzzer", "afl-fuzz");

    /// <summary>What the server is compared with in its benchmark; no test needs it.</summary>
    public static TestPackage Redis { get; } = Program("redis-server", "the server's comparison with Redis", "redis-server");

    /// <summary>The engines of stores that servers share, which are among those that tests need.</summary>
    public static TestPackage[] Engines { get; } = [.. All.Where(static package => package.Name is "etcd-server" or "postgresql")];

    private static TestPackage Module(string name, string purpose, string module) =>
        new(name, purpose, cancel => Tools.PythonHasAsync(module, cancel));

    // In a folder of /usr/lib that is named for the machine's architecture.
    private static bool HasLibrary(string pattern) =>
        Directory.EnumerateDirectories("/usr/lib", "*-linux-*").Any(folder => Directory.EnumerateFiles(folder, pattern).Any());

    private static TestPackage Program(string name, string purpose, string program) =>
        new(name, purpose, _ => Task.FromResult(Tools.FindOnPath(program) is not null));
}
