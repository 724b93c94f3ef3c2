using Klock.Hello;

// Says hello, then writes a page to the file that is named and presses it to the disk, twice.
Console.WriteLine("hello world");
byte[] page = new byte[4096];
using FileStream file = new(args[0], FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
for (int i = 0; i < 2; i++)
{
    file.Write(page);
    if (Disk.Sync(file.SafeFileHandle) != 0)
    {
        return 1;
    }
}

return 0;
