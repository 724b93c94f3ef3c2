using Klock.Kernel.Tests.Model;

namespace Klock.Kernel.Tests.Sequences;

/// <summary>Counts from scratch which names a resource tree must have: those claimed and the directories above them.</summary>
internal static class NodeRecount
{
    public static int Count(IEnumerable<ModelResource> held)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ModelResource resource in held)
        {
            if (resource.File is not { } file)
            {
                names.Add(resource.Text);
                continue;
            }

            names.UnionWith(file.Above().Select(directory => $"{resource.Namespace} FILE:{directory}"));
            names.Add($"{resource.Namespace} FILE:{file.Root}{string.Join('/', file.Segments)}");
            if (resource.Symbol is not null)
            {
                names.Add(resource.Text);
            }
        }

        return names.Count;
    }
}
