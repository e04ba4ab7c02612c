using Plug1.Host.CommandLine;

return await Plug1Command.Run(args);
