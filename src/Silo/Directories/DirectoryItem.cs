using Interactions.Contracts;
using Interactions.Contracts.Directory;

namespace Interactions.Silo.Directories;

/// <summary>One decision of a partition of the directory, as its log keeps it.</summary>
/// <param name="Id">The stream.</param>
internal abstract record DirectoryItem(string Id);

/// <summary>A change of a stream is about to happen.</summary>
internal sealed record IntentBegun(DirectoryIntent Intent) : DirectoryItem(Intent.Row.Id);

/// <summary>The stream of that creation shows this, and the intent (null: none) is done.</summary>
internal sealed record RowShown(string Id, ulong Creation, string? Intent, string Title, StreamStatus Status) : DirectoryItem(Id);

/// <summary>The log of the stream of that creation is erased.</summary>
internal sealed record StreamErased(string Id, ulong Creation) : DirectoryItem(Id);

/// <summary>A creation is given up of which nothing was stored.</summary>
internal sealed record CreationCancelled(string Id, ulong Creation, string Intent) : DirectoryItem(Id);
