using System.IO.Hashing;
using System.Text;

namespace Interactions.Contracts.Directory;

/// <summary>Which partition of the directory lists a stream. Stored: never change it.</summary>
public static class DirectoryPartitions
{
    public const int Count = 64;

    public static int Of(string id) => (int)(XxHash3.HashToUInt64(Encoding.ASCII.GetBytes(id)) % Count);
}
