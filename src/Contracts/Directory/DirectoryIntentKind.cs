namespace Interactions.Contracts.Directory;

public enum DirectoryIntentKind : byte
{
    Create,
    Change,
    Delete,
}
