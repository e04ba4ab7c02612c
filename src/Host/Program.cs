using Plug1.Host.Setup;
using Plug1.Kernel.Storage;

await using var database = Database.Open(Environment.GetEnvironmentVariable("PLUG1_DATABASE") ?? "sqlite:data/plug1.db");
var app = Server.Build(database, "http://127.0.0.1:5080", "data/plug1.key");
await Server.Prepare(database, app.Services);
await app.RunAsync();
