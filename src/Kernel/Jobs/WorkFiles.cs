using System.Security.Cryptography;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Jobs;

/// <summary>A file with its bytes.</summary>
/// <param name="File">What it is.</param>
/// <param name="Owner">Whose.</param>
/// <param name="Content">Its bytes.</param>
public sealed record WorkFileContent(WorkFile File, Guid Owner, byte[] Content);

/// <summary>Files of long work: uploaded by people or produced by the work, with their bytes in the database.</summary>
public static class WorkFiles
{
    /// <summary>Largest file, in bytes: 32 MB.</summary>
    public const long MostBytes = 32 * 1_048_576;

    /// <summary>How many files of one user may lie about, within a day, that no work has used.</summary>
    public const int MostUnused = 20;

    private static readonly Table Files = new("work_file",
        ("id", Kind.Id), ("owner_id", Kind.Id), ("name", Kind.Text), ("media_type", Kind.Text), ("size", Kind.Long), ("sha256", Kind.Text), ("content", Kind.Bytes), ("created_at", Kind.Instant));

    private static readonly Table Uses = new Table("work_file_use", ("work_id", Kind.Id), ("role", Kind.Text), ("file_id", Kind.Id))
        .On("on conflict (work_id, role) do update set file_id = excluded.file_id");

    /// <summary>Takes a file that somebody uploads.</summary>
    /// <returns>Refused with <c>WORK_FILE_TOO_LARGE</c>, <c>WORK_FILE_EMPTY</c>, <c>WORK_FILE_NAME_INVALID</c>, <c>WORK_FILES_TOO_MANY</c>.</returns>
    public static async Task<Result<WorkFile>> Upload(Tx tx, Stamp stamp, string function, string name, string mediaType, byte[] content, TimeProvider clock, CancellationToken ct)
    {
        if (content.Length > MostBytes) return WorkRefusals.FileTooLarge;
        if (content.Length == 0) return WorkRefusals.FileEmpty;
        if (name.Length is 0 or > 200 || name.Any(char.IsControl)) return WorkRefusals.FileNameInvalid;
        var unused = await tx.Number($"""
            select count(*) from work_file f where f.owner_id = {stamp.Actor.UserId} and f.created_at > {Dialect.Micro(stamp.At.AddDays(-1))}
              and not exists (select 1 from work_file_use u where u.file_id = f.id)
            """, ct);
        if (unused >= MostUnused) return WorkRefusals.FilesTooMany(MostUnused);
        var file = Stage(tx, stamp.Actor.UserId, "input", name, mediaType, content, clock);
        AuditTrail.Stage(tx, new AuditEvent(stamp, function, "upload", "file", file.Id, After: $$"""{"sha256":"{{file.Sha256}}","size":{{file.Size}}}""", ReasonText: name), clock);
        return file;
    }

    /// <summary>Gathers a file for the next flush.</summary>
    public static WorkFile Stage(Tx tx, Guid owner, string role, string name, string mediaType, byte[] content, TimeProvider clock)
    {
        var file = new WorkFile(Ids.New(clock), role, name, mediaType, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
        tx.Insert(Files, [[file.Id, owner, name, mediaType, file.Size, file.Sha256, content, Dialect.Micro(clock.GetUtcNow())]]);
        return file;
    }

    /// <summary>Says what a file is to some work.</summary>
    public static void Use(Tx tx, Guid work, string role, Guid file) => tx.Insert(Uses, [[work, role, file]]);

    /// <summary>Somebody's file; null when there is none, or when it is another's.</summary>
    public static Task<WorkFile?> Of(Db db, Guid file, Guid owner, CancellationToken ct) => db.First(
        $"select id, name, media_type, size, sha256 from work_file where id = {file} and owner_id = {owner}",
        row => new WorkFile(row.Guid(0), "input", row.Text(1), row.Text(2), row.Long(3), row.Text(4)), ct);

    /// <summary>The files of some pieces of work.</summary>
    public static async Task<ILookup<Guid, WorkFile>> Of(Db db, IReadOnlyCollection<Guid> works, CancellationToken ct) => (await db.Query($"""
        select u.work_id, f.id, u.role, f.name, f.media_type, f.size, f.sha256 from work_file_use u join work_file f on f.id = u.file_id where u.work_id {Sql.List(works)} order by u.role
        """, row => (Work: row.Guid(0), File: new WorkFile(row.Guid(1), row.Text(2), row.Text(3), row.Text(4), row.Long(5), row.Text(6))), ct)).ToLookup(row => row.Work, row => row.File);

    /// <summary>A file of some work with its bytes, or null.</summary>
    public static Task<WorkFileContent?> Read(Db db, Guid work, string role, CancellationToken ct) => db.First($"""
        select f.id, f.name, f.media_type, f.size, f.sha256, f.owner_id, f.content from work_file_use u join work_file f on f.id = u.file_id where u.work_id = {work} and u.role = {role}
        """, row => new WorkFileContent(new WorkFile(row.Guid(0), role, row.Text(1), row.Text(2), row.Long(3), row.Text(4)), row.Guid(5), row.Bytes(6)), ct);

    /// <summary>Somebody's upload with its bytes, or null.</summary>
    public static Task<WorkFileContent?> ReadOwn(Db db, Guid file, Guid owner, CancellationToken ct) => db.First(
        $"select id, name, media_type, size, sha256, owner_id, content from work_file where id = {file} and owner_id = {owner}",
        row => new WorkFileContent(new WorkFile(row.Guid(0), "input", row.Text(1), row.Text(2), row.Long(3), row.Text(4)), row.Guid(5), row.Bytes(6)), ct);
}
