# SPDX-License-Identifier: GPL-2.0-only

$(eval $(call module,vfio_ap,driver,mdev $(VFIO)))
LPAR_MODULES += vfio_ap
