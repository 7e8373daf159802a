# SPDX-License-Identifier: GPL-2.0
# fish completion for execgate: "complete" in /usr/share/execgate says what fits.

function __execgate_complete
    set -q EXECGATE_COMPLETE; or set -l EXECGATE_COMPLETE /usr/share/execgate/complete
    set -l line (commandline -opc)
    set -l current (commandline -ct)
    for fit in (sh $EXECGATE_COMPLETE $line "$current")
        switch $fit
            case :files
                __fish_complete_path "$current"
            case :folders
                __fish_complete_directories "$current"
            case '*'
                printf '%s\n' $fit
        end
    end
end

complete -c execgate -f -a '(__execgate_complete)'
